#include "sandbox/instant.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>

namespace hearth::sandbox {

namespace {

std::tm broken_down(Instant instant) {
    return fmt::gmtime(static_cast<std::time_t>(to_unix(instant)));
}

}  // namespace

std::string to_rfc3339(Instant instant) {
    const auto fraction = instant - std::chrono::floor<seconds>(instant);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", broken_down(instant), fraction.count());
}

// Not strftime: its names of days and months would follow the locale.
std::string to_http_date(Instant instant) {
    static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed",
                                                     "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::tm time = broken_down(instant);
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                       days.at(static_cast<std::size_t>(time.tm_wday)), time.tm_mday,
                       months.at(static_cast<std::size_t>(time.tm_mon)), time.tm_year + 1900,
                       time.tm_hour, time.tm_min, time.tm_sec);
}

std::int64_t to_unix(Instant instant) {
    return std::chrono::floor<seconds>(instant).time_since_epoch().count();
}

}  // namespace hearth::sandbox
