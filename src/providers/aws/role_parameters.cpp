#include "providers/aws/role_parameters.hpp"

#include <algorithm>
#include <utility>

#include "core/try.hpp"

namespace hearth::providers::aws {
namespace {

// In characters; the limits of the service's own model.
struct Length {
    std::size_t least;
    std::size_t most;
    [[nodiscard]] bool fits(std::string_view text) const {
        return text.size() >= least && text.size() <= most;
    }
};
constexpr Length arn_length{.least = 20, .most = 2048};
constexpr Length session_name_length{.least = 2, .most = 64};
constexpr Length external_id_length{.least = 2, .most = 1224};
constexpr Length serial_length{.least = 9, .most = 256};
constexpr Range duration_range{.least = 900, .most = 43200};
constexpr std::size_t account_digits = 12;

std::unexpected<Error> wrong(const Given& given, std::string_view what, std::string hint) {
    return std::unexpected(
        Error{Remedy::usage, given.described() + " " + std::string(what), std::move(hint)});
}

bool digit(char c) { return c >= '0' && c <= '9'; }

bool word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) || c == '_';
}

// The text up to the next colon, which is taken off with it.
std::string_view next_field(std::string_view& rest) {
    const auto field = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(field.size() + 1, rest.size()));
    return field;
}

// arn:PARTITION:iam::ACCOUNT:role/NAME
bool role_arn(std::string_view text) {
    if (!arn_length.fits(text) || next_field(text) != "arn") return false;
    const auto partition = next_field(text);
    const bool named = partition.starts_with("aws") && std::ranges::all_of(partition, [](char c) {
                           return (c >= 'a' && c <= 'z') || c == '-';
                       });
    if (!named || next_field(text) != "iam" || !next_field(text).empty()) return false;
    const auto account = next_field(text);
    if (account.size() != account_digits || !std::ranges::all_of(account, digit)) return false;
    return text.starts_with("role/") && !text.ends_with('/') &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

}  // namespace

Given given_by(const SharedSection& profile, std::string_view key) {
    return {.text = profile.text(key), .place = profile.at(key), .key = std::string(key)};
}

Result<> check_role_arn(const Given& arn) {
    if (role_arn(arn.text)) return {};
    return wrong(arn, "is not the ARN of a role",
                 "it is written arn:aws:iam::123456789012:role/NAME");
}

Result<> check_role_session_name(const Given& name) {
    const auto allowed = [](char c) {
        return word_character(c) || std::string_view("+=,.@-").contains(c);
    };
    if (name.text.empty() ||
        (session_name_length.fits(name.text) && std::ranges::all_of(name.text, allowed)))
        return {};
    return wrong(name, "is not a name that a session can have",
                 "2 to 64 of letters, digits and _ + = , . @ -");
}

Result<> check_external_id(const Given& id) {
    if (id.text.empty() || external_id_length.fits(id.text)) return {};
    return wrong(id, "is not as long as an external id can be", "2 to 1224 characters");
}

Result<> check_mfa_serial(const Given& serial) {
    if (serial.text.empty() || serial_length.fits(serial.text)) return {};
    return wrong(serial, "is not as long as a device's name can be",
                 "9 to 256 characters, such as arn:aws:iam::123456789012:mfa/NAME");
}

Result<std::optional<std::chrono::seconds>> role_duration(const SharedSection& profile) {
    const auto seconds = HEARTH_TRY(profile.number("duration_seconds", duration_range));
    if (!seconds) return std::nullopt;
    return std::chrono::seconds(*seconds);
}

}  // namespace hearth::providers::aws
