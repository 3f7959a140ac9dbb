#include "sandbox/aws_sts_limits.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/parse.hpp>
#include <charconv>
#include <initializer_list>
#include <span>

namespace hearth::sandbox {

namespace {

struct Length {
    std::string_view name;
    std::size_t least;
    std::size_t most;
    bool required = false;
    std::string_view letters;  // Besides letters and digits; empty: whatever there is.
};

struct Span {
    std::int64_t least;
    std::int64_t most;
};

constexpr std::string_view name_letters = "_+=,.@-";
constexpr std::string_view serial_letters = "_+=/:,.@-";
constexpr Length role_arn{"RoleArn", 20, 2048, true, {}};
constexpr Length session_name{"RoleSessionName", 2, 64, true, name_letters};
constexpr Span role_span{900, 43200};
constexpr Span session_span{900, 129'600};
constexpr std::size_t longest_policy = 2048;

std::unexpected<AwsError> invalid(std::string_view name, std::string_view why) {
    return aws_error(
        400, "ValidationError",
        fmt::format("1 validation error detected: Value at '{}' failed to satisfy constraint: {}",
                    name, why));
}

bool plain(char character) {
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9');
}

AwsOutcome<void> check_length(const Parameters& parameters, const Length& length) {
    const auto value = parameters.one(length.name);
    if (parameters.all(length.name).size() > 1) return invalid(length.name, "Member must be one");
    if (value.empty() && !length.required) return {};
    if (value.empty()) return invalid(length.name, "Member must not be null");
    if (value.size() < length.least || value.size() > length.most)
        return invalid(length.name, fmt::format("Member must have length of {} to {}", length.least,
                                                length.most));
    for (const char character : value)
        if (!length.letters.empty() && !plain(character) && !length.letters.contains(character))
            return invalid(length.name, "Member must satisfy its regular expression");
    return {};
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

AwsOutcome<void> check_duration(const Parameters& parameters, Span span) {
    const auto text = parameters.one("DurationSeconds");
    if (text.empty()) return {};
    const auto number = whole_number(text);
    if (!number || *number < span.least || *number > span.most)
        return invalid("DurationSeconds",
                       fmt::format("Member must have value of {} to {}", span.least, span.most));
    return {};
}

AwsOutcome<void> check_code(const Parameters& parameters) {
    const auto code = parameters.one("TokenCode");
    if (code.empty() != parameters.one("SerialNumber").empty())
        return invalid("TokenCode", "SerialNumber and TokenCode come together");
    if (!code.empty() && (code.size() != 6 || code.find_first_not_of("0123456789") != code.npos))
        return invalid("TokenCode", "Member must be 6 digits");
    return {};
}

AwsOutcome<void> check_policy(const Parameters& parameters) {
    const auto policy = parameters.one("Policy");
    if (policy.empty()) return {};
    if (policy.size() > longest_policy) return invalid("Policy", "Member is longer than 2048");
    boost::system::error_code error;
    if (const auto parsed = boost::json::parse(policy, error); error || !parsed.is_object())
        return aws_error(400, "MalformedPolicyDocument", "The policy is not valid JSON");
    return {};
}

// A list is NAME.member.1…, without gaps, with at most so many members.
AwsOutcome<void> check_list(const Parameters& parameters, std::string_view name,
                            std::string_view member, int most) {
    bool ended = false;
    for (int index = 1; index <= most + 1; ++index) {
        const auto value = parameters.one(fmt::format("{}.member.{}{}", name, index, member));
        if (value.empty()) {
            ended = true;
        } else if (ended) {
            return invalid(name, "Member must be numbered without a gap");
        } else if (index > most) {
            return invalid(name, fmt::format("Member must have length of at most {}", most));
        }
    }
    return {};
}

AwsOutcome<void> check_lengths(const Parameters& parameters, std::span<const Length> lengths) {
    for (const auto& length : lengths)
        if (auto checked = check_length(parameters, length); !checked) return checked;
    return {};
}

AwsOutcome<void> first_wrong(std::initializer_list<AwsOutcome<void>> checks) {
    for (const auto& check : checks)
        if (!check) return check;
    return {};
}

}  // namespace

AwsOutcome<void> check_assume_role(const Parameters& parameters) {
    constexpr std::array lengths{role_arn, session_name,
                                 Length{"ExternalId", 2, 1224, false, "_+=,.@:/-"},
                                 Length{"SerialNumber", 9, 256, false, serial_letters},
                                 Length{"SourceIdentity", 2, 64, false, name_letters}};
    return first_wrong({check_lengths(parameters, lengths), check_duration(parameters, role_span),
                        check_code(parameters), check_policy(parameters),
                        check_list(parameters, "PolicyArns", ".arn", 10),
                        check_list(parameters, "Tags", ".Key", 50),
                        check_list(parameters, "TransitiveTagKeys", "", 50),
                        check_list(parameters, "ProvidedContexts", ".ProviderArn", 5)});
}

AwsOutcome<void> check_web_identity(const Parameters& parameters) {
    constexpr std::array lengths{role_arn, session_name,
                                 Length{"WebIdentityToken", 4, 20000, true, {}}};
    return first_wrong({check_lengths(parameters, lengths), check_duration(parameters, role_span),
                        check_policy(parameters),
                        check_list(parameters, "PolicyArns", ".arn", 10)});
}

AwsOutcome<void> check_session_token(const Parameters& parameters) {
    constexpr std::array lengths{Length{"SerialNumber", 9, 256, false, serial_letters}};
    return first_wrong({check_lengths(parameters, lengths),
                        check_duration(parameters, session_span), check_code(parameters)});
}

seconds duration_in(const Parameters& parameters, seconds otherwise) {
    const auto number = whole_number(parameters.one("DurationSeconds"));
    return number ? seconds(*number) : otherwise;
}

}  // namespace hearth::sandbox
