// Instants, spans and what the clocks say; the rules of time that the whole of hearth follows.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth {

using Span = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Span>;  // Wall clock, UTC.

// Names one run of the machine; all zero where the system does not tell.
struct BootId {
    std::array<std::uint8_t, 16> bytes{};
    bool operator==(const BootId&) const = default;
    [[nodiscard]] bool known() const noexcept { return *this != BootId{}; }
    [[nodiscard]] std::string to_string() const;         // 32 hexadecimal digits.
    static Result<BootId> parse(std::string_view text);  // Dashes are ignored.
};

// What the clocks say at one point in time. `boot` counts since the machine started, through
// suspend, and nobody sets it.
struct Moment {
    Instant wall;
    Span boot{};
    BootId boot_id;
    bool operator==(const Moment&) const = default;
};

// A span of validity that began at `issued`. In the same boot the boot-time clock decides, else the
// wall clock.
struct Lifespan {
    Moment issued;
    Span lifetime{};
    bool operator==(const Lifespan&) const = default;

    // What is left at `now`; zero or less once expired.
    [[nodiscard]] Span remaining(const Moment& now) const noexcept;
    // False when only the wall clock is left to judge by and it stands before the issue: renew
    // before trusting.
    [[nodiscard]] bool trusted(const Moment& now) const noexcept;
    // The wall-clock instant of expiry, as recorded when it was issued.
    [[nodiscard]] Instant expires_at() const noexcept { return issued.wall + lifetime; }
};

// RFC 3339 in UTC, whole seconds: 2026-01-02T03:04:05Z.
std::string to_rfc3339(Instant instant);
// Accepts an offset and a fraction of a second.
Result<Instant> parse_rfc3339(std::string_view text);
// An HTTP date (RFC 9110 section 5.6.7, IMF-fixdate), as in Date and Retry-After.
Result<Instant> parse_http_date(std::string_view text);
// A span as people write it: "90s", "5m", "1h30m", "250ms", "2d"; a bare number is seconds.
Result<Span> parse_span(std::string_view text);
// "5m", "1h30m", "42s": the two largest units.
std::string to_string(Span span);

}  // namespace hearth
