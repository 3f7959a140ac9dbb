// The margins of the promise "Fresh", as pure rules.
#pragma once

#include <optional>

#include "core/profile.hpp"
#include "core/session.hpp"
#include "core/time.hpp"

namespace hearth::session {

// How long before expiry the timer fires: refresh_before, or half of a short life.
Span lead(const RenewalPolicy& policy, Span lifetime) noexcept;
// What a caller may count on without waiting: min_remaining, or a part of a short life; what the
// caller asked for counts in full.
Span floor(const RenewalPolicy& policy, Span lifetime, std::optional<Span> asked) noexcept;
// When to renew, on the boot-time clock: `lead` before expiry, earlier by up to a tenth of that as
// `dice` falls. Absent for what does not expire or cannot be renewed; in the past when it is due,
// or when the clocks cannot be trusted.
std::optional<Span> renewal_due(const RenewalPolicy& policy, const Session& session,
                                const Moment& now, double dice);
// The token has not expired, as far as the clocks can be trusted.
bool presentable(const Session& session, const Moment& now) noexcept;
// It has, moreover, more left than the floor.
bool satisfies(const Session& session, const RenewalPolicy& policy, std::optional<Span> asked,
               const Moment& now) noexcept;
// How long to hold after `failures` failures in a row: full jitter over a doubling window, a second
// to five minutes.
Span backoff(std::uint32_t failures, double dice) noexcept;

}  // namespace hearth::session
