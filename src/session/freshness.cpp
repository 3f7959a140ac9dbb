#include "session/freshness.hpp"

#include <algorithm>

namespace hearth::session {

using namespace std::chrono_literals;

Span lead(const RenewalPolicy& policy, Span lifetime) noexcept {
    return std::min(policy.refresh_before, lifetime / 2);
}

Span floor(const RenewalPolicy& policy, Span lifetime, std::optional<Span> asked) noexcept {
    return asked ? *asked : std::min(policy.min_remaining, lifetime / policy.least_part);
}

std::optional<Span> renewal_due(const RenewalPolicy& policy, const Session& session,
                                const Moment& now, double dice) {
    if (!session.lifespan || !session.renewable()) return {};
    if (!session.lifespan->trusted(now)) return now.boot;
    const Span ahead = lead(policy, session.lifespan->lifetime);
    const Span early(static_cast<Span::rep>(static_cast<double>(ahead.count()) * 0.1 * dice));
    return now.boot + session.lifespan->remaining(now) - ahead - early;
}

bool presentable(const Session& session, const Moment& now) noexcept {
    if (!session.lifespan) return true;
    return session.lifespan->trusted(now) && session.lifespan->remaining(now) > 0ms;
}

bool satisfies(const Session& session, const RenewalPolicy& policy, std::optional<Span> asked,
               const Moment& now) noexcept {
    if (!presentable(session, now)) return false;
    if (!session.lifespan) return true;
    return session.lifespan->remaining(now) >= floor(policy, session.lifespan->lifetime, asked);
}

Span backoff(std::uint32_t failures, double dice) noexcept {
    constexpr Span shortest = 250ms;
    constexpr Span longest = 5min;
    const Span window = std::min<Span>(longest, 1s * (1LL << std::min(failures, 10U)));
    return std::max(shortest,
                    Span(static_cast<Span::rep>(static_cast<double>(window.count()) * dice)));
}

}  // namespace hearth::session
