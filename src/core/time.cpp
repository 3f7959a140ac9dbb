#include "core/time.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "core/try.hpp"

namespace hearth {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Error not_a(std::string_view kind, std::string_view hint) {
    return Error{Remedy::usage, "not " + std::string(kind), std::string(hint)};
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Reads from the front of a text and remembers whether everything fitted so far.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    // Exactly `digits` decimal digits.
    int number(std::size_t digits) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
                good_ = false;
                return 0;
            }
            value = (value * 10) + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }
    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(std::string_view text) {
        if (!rest_.starts_with(text)) good_ = false;
        rest_.remove_prefix(std::min(text.size(), rest_.size()));
    }
    char next() {
        if (rest_.empty()) {
            good_ = false;
            return '\0';
        }
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    // Digits of a fraction, as milliseconds; further digits are dropped.
    Span fraction() {
        int value = 0;
        int scale = 100;
        std::size_t count = 0;
        while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
            value += (next() - '0') * scale;
            scale /= 10;
            ++count;
        }
        if (count == 0) good_ = false;
        return Span(value);
    }
    [[nodiscard]] bool done() const { return good_ && rest_.empty(); }
    [[nodiscard]] std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
    bool good_ = true;
};

std::optional<Instant> instant_of(int year, unsigned month, unsigned day, int hour, int minute,
                                  int second) {
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    // 60 is a leap second; it counts as the first second of the next minute.
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return {};
    return std::chrono::sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

struct Unit {
    std::string_view name;
    Span span;
};

// Longest names first where one begins with another.
constexpr std::array units{
    Unit{"ms", Span(1)}, Unit{"s", seconds(1)}, Unit{"m", minutes(1)},
    Unit{"h", hours(1)}, Unit{"d", days(1)},
};

}  // namespace

std::string BootId::to_string() const {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : bytes) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

Result<BootId> BootId::parse(std::string_view text) {
    BootId id;
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == '-') continue;
        const int digit = hex_digit(c);
        if (digit < 0 || digits >= 32)
            return std::unexpected(not_a("a boot id", "32 hexadecimal digits"));
        auto& byte = id.bytes.at(digits / 2);
        byte = static_cast<std::uint8_t>((unsigned{byte} << 4U) | static_cast<unsigned>(digit));
        ++digits;
    }
    if (digits != 32) return std::unexpected(not_a("a boot id", "32 hexadecimal digits"));
    return id;
}

Span Lifespan::remaining(const Moment& now) const noexcept {
    const bool same_boot = issued.boot_id.known() && issued.boot_id == now.boot_id;
    const Span age = same_boot ? now.boot - issued.boot : now.wall - issued.wall;
    return lifetime - age;
}

bool Lifespan::trusted(const Moment& now) const noexcept {
    const bool same_boot = issued.boot_id.known() && issued.boot_id == now.boot_id;
    return same_boot || now.wall >= issued.wall;
}

std::string to_rfc3339(Instant instant) {
    const auto day = std::chrono::floor<days>(instant);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(instant) - day);
    std::array<char, 64> text{};
    const int size = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", int(date.year()),
        unsigned(date.month()), unsigned(date.day()), static_cast<int>(time.hours().count()),
        static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

Result<Instant> parse_rfc3339(std::string_view text) {
    const Error error = not_a("an RFC 3339 instant", "such as 2026-01-02T03:04:05Z");
    Reader reader(text);
    const int year = reader.number(4);
    reader.expect("-");
    const int month = reader.number(2);
    reader.expect("-");
    const int day = reader.number(2);
    const char separator = reader.next();
    if (separator != 'T' && separator != 't' && separator != ' ') return std::unexpected(error);
    const int hour = reader.number(2);
    reader.expect(":");
    const int minute = reader.number(2);
    reader.expect(":");
    const int second = reader.number(2);
    const Span fraction = reader.take('.') ? reader.fraction() : Span(0);
    Span offset{};
    const char zone = reader.next();
    if (zone == '+' || zone == '-') {
        const int offset_hours = reader.number(2);
        reader.expect(":");
        const int offset_minutes = reader.number(2);
        if (offset_hours > 23 || offset_minutes > 59) return std::unexpected(error);
        offset = hours(offset_hours) + minutes(offset_minutes);
        if (zone == '-') offset = -offset;
    } else if (zone != 'Z' && zone != 'z') {
        return std::unexpected(error);
    }
    const auto instant = instant_of(year, static_cast<unsigned>(month), static_cast<unsigned>(day),
                                    hour, minute, second);
    if (!reader.done() || !instant) return std::unexpected(error);
    // In UTC it may be in a year that four digits do not write.
    constexpr Instant first = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
    constexpr Instant last = std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1);
    const Instant utc = *instant + fraction - offset;
    if (utc < first || utc >= last) return std::unexpected(error);
    return utc;
}

Result<Instant> parse_http_date(std::string_view text) {
    static constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Error error = not_a("an HTTP date", "such as Fri, 02 Jan 2026 03:04:05 GMT");
    if (text.size() < 5) return std::unexpected(error);
    Reader reader(text.substr(3));
    reader.expect(", ");
    const int day = reader.number(2);
    reader.expect(" ");
    const auto found = std::ranges::find(months, reader.rest().substr(0, 3));
    if (found == months.end()) return std::unexpected(error);
    reader.expect(*found);
    reader.expect(" ");
    const int year = reader.number(4);
    reader.expect(" ");
    const int hour = reader.number(2);
    reader.expect(":");
    const int minute = reader.number(2);
    reader.expect(":");
    const int second = reader.number(2);
    reader.expect(" GMT");
    const auto instant = instant_of(year, static_cast<unsigned>(found - months.begin()) + 1,
                                    static_cast<unsigned>(day), hour, minute, second);
    if (!reader.done() || !instant) return std::unexpected(error);
    return *instant;
}

Result<Span> parse_span(std::string_view text) {
    const Error error = not_a("a span of time", "such as 90s, 5m, 1h30m, 2d or 250ms");
    // More than any credential lives, and far from where the arithmetic overflows.
    constexpr Span longest = days(366 * 100);
    if (text.empty()) return std::unexpected(error);
    Span total{};
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (problem != std::errc() || text.front() == '-') return std::unexpected(error);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        Span unit = seconds(1);
        if (!text.empty()) {
            const auto found = std::ranges::find_if(
                units, [&](const Unit& one) { return text.starts_with(one.name); });
            if (found == units.end()) return std::unexpected(error);
            unit = found->span;
            text.remove_prefix(found->name.size());
        } else if (total != Span{}) {
            return std::unexpected(error);  // "1h30": of what?
        }
        if (count > (longest - total) / unit) return std::unexpected(error);
        total += unit * count;
    }
    return total;
}

std::string to_string(Span span) {
    if (span < Span{}) return "-" + to_string(-span);
    if (span < seconds(1)) return std::to_string(span.count()) + (span == Span{} ? "s" : "ms");
    std::string text;
    int shown = 0;
    for (auto unit = units.rbegin(); unit != units.rend() - 1 && shown < 2; ++unit) {
        const auto count = span / unit->span;
        span %= unit->span;
        if (count == 0) {
            if (shown > 0)
                break;  // "1d" rather than "1d5m": the second unit follows the first at once.
            continue;
        }
        text += std::to_string(count);
        text += unit->name;
        ++shown;
    }
    return text;
}

}  // namespace hearth
