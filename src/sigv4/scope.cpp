#include "sigv4/scope.hpp"

#include <algorithm>
#include <optional>

#include "sigv4/signed_headers.hpp"

namespace hearth::sigv4 {
namespace {

constexpr std::size_t longest_part = 64;
constexpr std::size_t longest_region_set = 1024;

enum class Comma : std::uint8_t { ends_it, is_part_of_it };

// Slashes and commas are what a scope and a header are cut at.
bool sendable(std::string_view text, Comma comma = Comma::ends_it) {
    return !text.empty() && std::ranges::all_of(text, [comma](char c) {
        return c > 0x20 && c < 0x7F && c != '/' && (c != ',' || comma == Comma::is_part_of_it);
    });
}

bool names_part(std::string_view text) { return text.size() <= longest_part && sendable(text); }

// What is wrong, never quoting it.
std::string_view complaint(const Keys& keys, const Service& service) {
    if (!sendable(keys.id)) return "the id of the keys to sign with is none";
    if (keys.secret.empty()) return "there is no secret to sign with";
    if (has_blank_or_control(keys.session_token)) return "the session token is none";
    if (!names_part(service.name)) return "the service to sign for has no name that can be signed";
    const bool set = service.algorithm == Algorithm::v4a;
    if (set ? service.region.size() > longest_region_set ||
                  !sendable(service.region, Comma::is_part_of_it)
            : !names_part(service.region))
        return "the region to sign for has no name that can be signed";
    return {};
}

template <std::size_t width, std::size_t capacity>
void append_number(Text<capacity>& text, unsigned number) {
    std::array<char, width> digits{};
    for (auto i = width; i > 0; --i, number /= 10)
        digits[i - 1] = static_cast<char>('0' + (number % 10));
    text.append({digits.data(), digits.size()});
}

std::optional<Text<16>> date_of(std::chrono::sys_seconds at) {
    using std::chrono::sys_days;
    if (at < sys_days(std::chrono::year(0) / 1 / 1)) return {};
    if (at >= sys_days(std::chrono::year(10'000) / 1 / 1)) return {};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    Text<16> text;
    append_number<4>(text, static_cast<unsigned>(static_cast<int>(date.year())));
    append_number<2>(text, static_cast<unsigned>(date.month()));
    append_number<2>(text, static_cast<unsigned>(date.day()));
    text.append("T");
    append_number<2>(text, static_cast<unsigned>(time.hours().count()));
    append_number<2>(text, static_cast<unsigned>(time.minutes().count()));
    append_number<2>(text, static_cast<unsigned>(time.seconds().count()));
    return text.append("Z");
}

std::unexpected<Error> unusable(std::string_view what) {
    return std::unexpected(Error{Remedy::usage, "AWS: " + std::string(what), ""});
}

}  // namespace

Result<Scope> Scope::of(const Keys& keys, const Service& service, std::chrono::sys_seconds at) {
    if (const auto what = complaint(keys, service); !what.empty()) return unusable(what);
    const auto date = date_of(at);
    if (!date) return unusable("the time to sign for has no year of four digits");
    const bool v4a = service.algorithm == Algorithm::v4a;
    Scope scope{.algorithm = v4a ? "AWS4-ECDSA-P256-SHA256" : "AWS4-HMAC-SHA256",
                .date = *date,
                .text = {}};
    scope.text.append(scope.day()).append("/");
    if (!v4a) scope.text.append(service.region).append("/");
    scope.text.append(service.name).append("/aws4_request");
    return scope;
}

Text<320> Scope::string_to_sign(const Digest& canonical_request) const noexcept {
    Text<320> string;
    string.append(algorithm).append("\n");
    string.append(date.view()).append("\n").append(text.view()).append("\n");
    return string.append(hexadecimal(canonical_request).view());
}

}  // namespace hearth::sigv4
