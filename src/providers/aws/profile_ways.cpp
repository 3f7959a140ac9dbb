// What a profile says for itself.
#include <algorithm>
#include <utility>

#include "core/try.hpp"
#include "core/url.hpp"
#include "providers/aws/plain_values.hpp"
#include "providers/aws/role_parameters.hpp"
#include "providers/aws/ways.hpp"

namespace hearth::providers::aws {
namespace {

// The older name first, as it has always been.
Secret session_token(const SharedSection& profile) {
    auto token = profile.secret("aws_security_token");
    return token.empty() ? profile.secret("aws_session_token") : std::move(token);
}

// Of one file alone: half a pair and half of another, or a session token beside keys that it does
// not belong to, would be refused by AWS with words that lead nowhere.
MaybePlan keys_of(const Search& search, SharedFileKind kind, const char* name) {
    const auto file = search.profile.only(kind);
    if (!file.has("aws_access_key_id")) return std::nullopt;
    if (!file.has("aws_secret_access_key"))
        return file.wrong("aws_access_key_id",
                          "aws_access_key_id stands here without aws_secret_access_key",
                          "put both into the same section of the same file");
    return Plan{.way = StaticKeys{.access_key_id = file.text("aws_access_key_id"),
                                  .secret_access_key = file.secret("aws_secret_access_key"),
                                  .session_token = session_token(file),
                                  .account_id = search.profile.text("aws_account_id")},
                .name = name,
                .profile = search.name,
                .place = file.at("aws_access_key_id")};
}

// The variable, where variables count, else the profile's setting.
Given given(const Search& search, const std::string& variable, const char* name, const char* key) {
    if (search.variables_count && !variable.empty())
        return {.text = variable, .place = name, .key = {}};
    return search.has(key) ? given_by(search.profile, key) : Given{};
}

std::vector<std::string> listed(std::string_view text) {
    constexpr std::string_view separators = ", \t\n";
    std::vector<std::string> items;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(separators), text.size());
        if (end > 0) items.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return items;
}

Result<std::string> needed(const SharedSection& section, std::string_view key,
                           const std::string& whose) {
    if (section.has(key)) return section.text(key);
    return section.wrong({}, whose + " has no " + std::string(key),
                         "add " + std::string(key) + " to it");
}

// Where the profile repeats what the sso-session says, it has to say the same.
Result<> check_repeated(const SharedSection& profile, const SharedSection& session,
                        std::string_view key) {
    if (!profile.has(key) || profile.text(key) == session.text(key)) return {};
    return profile.wrong(key, std::string(key) + " is another one than the sso-session's",
                         "take it out here: the sso-session's is used");
}

// What has the start URL and its region: the sso-session, or the profile by itself.
Result<SharedSection> start_section(const Search& search) {
    const auto& profile = search.profile;
    if (!profile.has("sso_session")) return profile;
    const auto session = search.question.files.sso_session(profile.text("sso_session"));
    if (!session)
        return profile.wrong("sso_session", "sso_session names a section that is not there",
                             "add it as [sso-session NAME] with sso_start_url and sso_region");
    HEARTH_CHECK(check_repeated(profile, *session, "sso_start_url"));
    HEARTH_CHECK(check_repeated(profile, *session, "sso_region"));
    return *session;
}

// Start URLs end in a fragment where they were copied from a browser.
bool start_url(std::string_view text) {
    const auto url = Url::parse(text.substr(0, text.find('#')));
    return url && (url->secure() || url->loopback());
}

Result<IdentityCenter> identity_center_of(const Search& search) {
    const auto section = HEARTH_TRY(start_section(search));
    const bool session = search.has("sso_session");
    const std::string whose = session ? "the sso-session" : "the profile";
    IdentityCenter center;
    if (session) center.session = section.name();
    center.start_url = HEARTH_TRY(needed(section, "sso_start_url", whose));
    if (!start_url(center.start_url))
        return section.wrong("sso_start_url", "sso_start_url is not an https address",
                             "it is written https://NAME.awsapps.com/start");
    center.region = HEARTH_TRY(needed(section, "sso_region", whose));
    if (!plain_region(center.region))
        return section.wrong("sso_region", "sso_region is not the name of a region",
                             "a region is written like eu-central-1");
    center.account_id = HEARTH_TRY(needed(search.profile, "sso_account_id", "the profile"));
    center.role_name = HEARTH_TRY(needed(search.profile, "sso_role_name", "the profile"));
    if (!session) return center;
    center.scopes = listed(section.text("sso_registration_scopes"));
    if (center.scopes.empty()) center.scopes = {"sso:account:access"};
    return center;
}

}  // namespace

bool has_keys(const SharedSection& profile) {
    return profile.has("aws_access_key_id") || profile.has("aws_secret_access_key");
}

MaybePlan keys_of_credentials_file(const Search& search) {
    return keys_of(search, SharedFileKind::credentials, "shared-credentials-file");
}

MaybePlan keys_of_config_file(const Search& search) {
    return keys_of(search, SharedFileKind::config, "config-file");
}

MaybePlan web_identity(const Search& search) {
    const auto& variables = search.variables();
    const auto file = given(search, variables.web_identity_token_file,
                            "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    if (file.text.empty()) return std::nullopt;
    const auto role = given(search, variables.role_arn, "AWS_ROLE_ARN", "role_arn");
    if (role.text.empty())
        return std::unexpected(Error{Remedy::usage,
                                     file.described() + " stands there without a role",
                                     "add role_arn to the profile, or set AWS_ROLE_ARN"});
    HEARTH_CHECK(check_role_arn(role));
    const auto session =
        given(search, variables.role_session_name, "AWS_ROLE_SESSION_NAME", "role_session_name");
    HEARTH_CHECK(check_role_session_name(session));
    auto sts = HEARTH_TRY(service_settings(Service::sts, search.question.files, search.profile,
                                           variables, search.question.home));
    return Plan{.way = WebIdentity{.token_file = expand_home(file.text, search.question.home),
                                   .role_arn = role.text,
                                   .role_session_name = session.text,
                                   .sts = std::move(sts)},
                .name = "assume-role-with-web-identity",
                .profile = search.name,
                .place = file.place};
}

MaybePlan identity_center(const Search& search) {
    if (!search.has("sso_role_name") && !search.has("sso_account_id")) return std::nullopt;
    auto center = HEARTH_TRY(identity_center_of(search));
    const char* first = search.has("sso_account_id") ? "sso_account_id" : "sso_role_name";
    return Plan{.way = std::move(center),
                .name = "sso",
                .profile = search.name,
                .place = search.profile.at(first)};
}

MaybePlan console_login(const Search& search) {
    if (!search.has("login_session")) return std::nullopt;
    const auto& folder = search.variables().login_cache_directory;
    return Plan{.way = ConsoleLogin{.login_session = search.profile.text("login_session"),
                                    .cache_folder =
                                        expand_home(folder.empty() ? "~/.aws/login/cache" : folder,
                                                    search.question.home)},
                .name = "login",
                .profile = search.name,
                .place = search.profile.at("login_session")};
}

MaybePlan process(const Search& search) {
    if (!search.has("credential_process")) return std::nullopt;
    return Plan{.way = Process{.command = search.profile.text("credential_process")},
                .name = "custom-process",
                .profile = search.name,
                .place = search.profile.at("credential_process")};
}

}  // namespace hearth::providers::aws
