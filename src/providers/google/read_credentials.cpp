#include "providers/google/read_credentials.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/try.hpp"

namespace hearth::providers::google {
namespace {

constexpr std::string_view own_universe = "googleapis.com";
constexpr std::string_view own_token_uri = "https://oauth2.googleapis.com/token";
// The same service by its older name, as old files have it.
constexpr std::array<std::string_view, 2> former_token_uris{
    "https://accounts.google.com/o/oauth2/token", "https://accounts.google.com/o/oauth2/v2/token"};
constexpr const char* sign_in_by_gcloud = "gcloud auth application-default login";
// An impersonation of an impersonation; nobody writes more.
constexpr int deepest = 2;

// In the order of the variant.
constexpr std::array<std::string_view, 7> type_names{"authorized_user",
                                                     "service_account",
                                                     "external_account",
                                                     "external_account_authorized_user",
                                                     "impersonated_service_account",
                                                     "gdch_service_account",
                                                     "metadata server"};
constexpr std::size_t file_types = 6;

Result<Credentials> read_object(const FileMembers& file, const std::string& universe, int depth);

Result<std::string> token_uri_of(const FileMembers& file) {
    const auto written = HEARTH_TRY(file.text("token_uri"));
    if (std::ranges::find(former_token_uris, written) != former_token_uris.end())
        return std::string(own_token_uri);
    return file.service("token_uri", own_token_uri);
}

Result<Secret> private_key_of(const FileMembers& file) {
    auto key = HEARTH_TRY(file.needed_secret("private_key"));
    if (key.reveal().contains("\\n"))
        return std::unexpected(
            file.wrong("private_key", "has \\n written out where its lines end",
                       "take the file as Google gave it: one backslash before each n"));
    return key;
}

Result<AuthorizedUser> read_authorized_user(const FileMembers& file) {
    AuthorizedUser user;
    user.client_id = HEARTH_TRY(file.needed("client_id"));
    user.client_secret = HEARTH_TRY(file.needed_secret("client_secret"));
    user.refresh_token = HEARTH_TRY(file.needed_secret("refresh_token"));
    user.rapt_token = HEARTH_TRY(file.secret("rapt_token"));
    user.token_uri = HEARTH_TRY(token_uri_of(file));
    user.account = HEARTH_TRY(file.text("account"));
    user.sign_in = sign_in_by_gcloud;
    return user;
}

Result<ExternalAccountAuthorizedUser> read_external_user(const FileMembers& file,
                                                         const std::string& universe) {
    ExternalAccountAuthorizedUser user;
    user.audience = HEARTH_TRY(file.text("audience"));
    user.client_id = HEARTH_TRY(file.needed("client_id"));
    user.client_secret = HEARTH_TRY(file.needed_secret("client_secret"));
    user.refresh_token = HEARTH_TRY(file.needed_secret("refresh_token"));
    const auto domain = universe.empty() ? std::string(own_universe) : universe;
    user.token_url =
        HEARTH_TRY(file.service("token_url", "https://sts." + domain + "/v1/oauthtoken"));
    user.token_info_url = HEARTH_TRY(file.service("token_info_url", ""));
    user.revoke_url = HEARTH_TRY(file.service("revoke_url", ""));
    user.sign_in = sign_in_by_gcloud;
    return user;
}

Result<ServiceAccount> read_service_account(const FileMembers& file) {
    ServiceAccount account;
    account.client_email = HEARTH_TRY(file.needed("client_email"));
    account.private_key_id = HEARTH_TRY(file.text("private_key_id"));
    account.private_key = HEARTH_TRY(private_key_of(file));
    account.token_uri = HEARTH_TRY(token_uri_of(file));
    return account;
}

Result<GdchServiceAccount> read_gdch(const FileMembers& file) {
    const auto version = HEARTH_TRY(file.text("format_version"));
    if (!version.empty() && version != "1")
        return std::unexpected(
            file.wrong("format_version", "is not 1, which is the one that is known", ""));
    GdchServiceAccount account;
    account.project = HEARTH_TRY(file.needed("project"));
    account.name = HEARTH_TRY(file.needed("name"));
    account.private_key_id = HEARTH_TRY(file.needed("private_key_id"));
    account.private_key = HEARTH_TRY(private_key_of(file));
    account.token_uri = HEARTH_TRY(file.needed("token_uri"));
    HEARTH_CHECK(check_service_url("token_uri", account.token_uri, file.rules()));
    account.ca_cert_path = HEARTH_TRY(file.path("ca_cert_path"));
    return account;
}

Result<ImpersonatedServiceAccount> read_impersonated(const FileMembers& file,
                                                     const std::string& universe, int depth) {
    constexpr const char* member = "source_credentials";
    if (file.object().object(member).empty())
        return std::unexpected(
            file.wrong(member, "is missing", "it holds the credentials that impersonate"));
    if (depth >= deepest)
        return std::unexpected(file.wrong(member, "is nested too deeply",
                                          "write the chain as "
                                          "delegates"));
    ImpersonatedServiceAccount account;
    auto source = HEARTH_TRY(read_object(file.inner(member), universe, depth + 1));
    account.source = std::make_shared<const Credentials>(std::move(source));
    account.impersonation =
        HEARTH_TRY(read_impersonation(file, "service_account_impersonation_url"));
    account.impersonation.delegates = file.object().texts("delegates");
    account.impersonation.scopes = file.object().texts("scopes");
    return account;
}

bool plain_name(std::string_view text) {
    return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

Error unknown_type(const FileMembers& file, std::string_view type) {
    std::string known;
    for (std::size_t i = 0; i < file_types; ++i)
        known += (i == 0 ? "" : ", ") + std::string(type_names.at(i));
    // A word of another kind may be anything, a secret too.
    const auto what = plain_name(type) ? "is '" + std::string(type) + "', which is not known"
                                       : std::string("is missing or no name of a type");
    return file.wrong("type", what, "it is one of " + known);
}

Result<> read_kind(Credentials& credentials, const FileMembers& file, int depth) {
    const auto type = file.object().text("type");
    const auto& universe = credentials.universe_domain;
    if (type == type_names[0]) {
        credentials.kind = HEARTH_TRY(read_authorized_user(file));
    } else if (type == type_names[1]) {
        credentials.kind = HEARTH_TRY(read_service_account(file));
    } else if (type == type_names[2]) {
        credentials.kind = HEARTH_TRY(read_external_account(file, universe));
    } else if (type == type_names[3]) {
        credentials.kind = HEARTH_TRY(read_external_user(file, universe));
    } else if (type == type_names[4]) {
        credentials.kind = HEARTH_TRY(read_impersonated(file, universe, depth));
    } else if (type == type_names[5]) {
        credentials.kind = HEARTH_TRY(read_gdch(file));
    } else {
        return std::unexpected(unknown_type(file, type));
    }
    return {};
}

std::string universe_or_own(const std::string& universe) {
    return universe.empty() ? std::string(own_universe) : universe;
}

// A credential of one cloud is not for the services of another.
Result<std::string> universe_of(const FileMembers& file, const std::string& otherwise) {
    const auto written = HEARTH_TRY(file.text("universe_domain"));
    const auto of_file = written.empty() ? universe_or_own(otherwise) : written;
    const auto spoken_to = universe_or_own(file.rules().universe_domain);
    // Google Distributed Cloud is a cloud of its own, and its files do not say which.
    const bool distributed = file.object().text("type") == type_names[5];
    if (distributed || of_file == spoken_to)
        return spoken_to == own_universe ? std::string() : spoken_to;
    return std::unexpected(
        Error{Remedy::refused,
              file.rules().place + ": the credentials are for another cloud than " + spoken_to +
                  ", which the profile speaks to",
              "set universe_domain in the profile to what " + file.full_name("universe_domain") +
                  " says, if you know that cloud"});
}

Result<Credentials> read_object(const FileMembers& file, const std::string& universe, int depth) {
    Credentials credentials;
    credentials.universe_domain = HEARTH_TRY(universe_of(file, universe));
    credentials.place = file.rules().place;
    HEARTH_CHECK(read_kind(credentials, file, depth));
    credentials.quota_project_id = HEARTH_TRY(file.text("quota_project_id"));
    credentials.project_id = HEARTH_TRY(file.text("project_id"));
    return credentials;
}

}  // namespace

Result<Credentials> read_credentials(std::string_view text, const FileRules& rules) {
    const auto object = json::Document::parse(text);
    if (!object || (!object->has("type") && (object->has("installed") || object->has("web"))))
        return std::unexpected(not_a_credential_file(text, rules));
    return read_object(FileMembers(*object, rules), {}, 0);
}

std::string_view type_of(const Credentials& credentials) noexcept {
    return type_names.at(credentials.kind.index());
}

}  // namespace hearth::providers::google
