#include "importing/aws.hpp"

#include <algorithm>

namespace hearth::importing {
namespace {

// What AWS's tools keep is used where it is.
constexpr std::string_view read_in_place =
    "it is used where it is: hearth profile add NAME --provider aws --set aws_profile=PROFILE";
constexpr std::string_view sign_in_anew =
    "hearth signs in by itself: hearth profile add NAME --provider aws --set sso_start_url=URL "
    "--set sso_region=REGION";
constexpr std::string_view no_login = "hearth cannot hold a sign-in of aws login yet";
constexpr std::string_view no_source = "it cannot be renewed without what it was made with";
constexpr std::string_view not_json = "it is not a JSON object";

Finding of_aws(std::string_view what) {
    return Finding{.tool = Tool::aws, .path = {}, .what = std::string(what)};
}

std::optional<Instant> instant_in(const json::View& object, std::string_view member) {
    auto text = shown(object, member);
    // Some writers say UTC where RFC 3339 has a Z.
    if (text.ends_with("UTC")) text.replace(text.size() - 3, 3, "Z");
    const auto instant = parse_rfc3339(text);
    if (!instant) return {};
    return *instant;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const auto begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

// The profile that a section's line names; empty for any other line.
std::string_view section_in(std::string_view line) {
    const auto end = line.find(']');
    if (!line.starts_with('[') || end == std::string_view::npos) return {};
    auto name = trimmed(line.substr(1, end - 1));
    if (name.starts_with("profile ") || name.starts_with("profile\t"))
        name = trimmed(name.substr(8));
    return name;
}

bool is_access_key(std::string_view line) {
    constexpr std::string_view key = "aws_access_key_id";
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || trimmed(line.substr(equals + 1)).empty()) return false;
    // Keys are written in any case.
    return std::ranges::equal(trimmed(line.substr(0, equals)), key, [](char left, char right) {
        return (left >= 'A' && left <= 'Z' ? left - 'A' + 'a' : left) == right;
    });
}

}  // namespace

std::optional<Finding> aws_sso_token(const Secret& text) {
    auto finding = of_aws("a sign-in to IAM Identity Center");
    const auto cache = json::View::parse(text.reveal());
    if (!cache || !cache->is_object()) return refused(std::move(finding), not_json);
    if (!secret_in(*cache, "accessToken")) return std::nullopt;
    finding.server = shown(*cache, "startUrl");
    finding.expires_at = instant_in(*cache, "expiresAt");
    return refused(std::move(finding), sign_in_anew);
}

Finding aws_login(const Secret& text) {
    auto finding = of_aws("a console sign-in of aws login");
    const auto cache = json::View::parse(text.reveal());
    if (!cache || !cache->is_object()) return refused(std::move(finding), not_json);
    const auto token = (*cache)["accessToken"];
    finding.account = shown(token, "accountId");
    finding.expires_at = instant_in(token, "expiresAt");
    return refused(std::move(finding), no_login);
}

Finding aws_role(const Secret& text) {
    auto finding = of_aws("what a role was given");
    const auto cache = json::View::parse(text.reveal());
    if (!cache || !cache->is_object()) return refused(std::move(finding), not_json);
    const auto credentials = (*cache)["Credentials"];
    finding.account = shown(credentials, "AccountId");
    finding.expires_at = instant_in(credentials, "Expiration");
    return refused(std::move(finding), no_source);
}

std::vector<Finding> aws_keys(const Secret& text) {
    std::vector<Finding> findings;
    auto rest = text.reveal();
    std::string profile;
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.starts_with('[')) profile = section_in(line).substr(0, 128);
        if (profile.empty() || !is_access_key(line)) continue;
        auto finding = of_aws("the access key of a profile");
        finding.account = std::exchange(profile, "");
        findings.push_back(refused(std::move(finding), read_in_place));
    }
    return findings;
}

}  // namespace hearth::importing
