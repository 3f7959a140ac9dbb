#include "sandbox/google_files.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "sandbox/account.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/google_pools.hpp"
#include "sandbox/google_sources.hpp"
#include "sandbox/members.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;
using Made = std::expected<object, std::string>;

std::string or_else(std::string text, std::string_view usual) {
    return text.empty() ? std::string(usual) : std::move(text);
}

// 40 hexadecimal digits, as Google's have.
std::string key_identifier(const SigningKey& key) { return to_hex(sha256(key.id())).substr(0, 40); }

// The new key's identifier and its private half.
struct NewKey {
    std::string id;
    std::string pem;
};
NewKey add_key(GoogleAccount& account, Algorithm algorithm, const object& wish) {
    SigningKey key(algorithm);
    const auto form = text_in(wish, "encoding") == "traditional" ? SigningKey::Form::traditional
                                                                 : SigningKey::Form::pkcs8;
    NewKey made{.id = key_identifier(key), .pem = key.private_pem(form)};
    account.keys.emplace(made.id, std::move(key));
    return made;
}

// Whom whoever the file stands for may impersonate, where the wish says it.
void note_rights(Google& google, const object& wish, const std::string& principal) {
    if (!wish.contains("may_impersonate")) return;
    auto& rights = google.may_become[principal];
    rights.clear();
    for (const auto& name : texts_in(wish, "may_impersonate"))
        rights.push_back(google.account(name).email);
}

void add_common(object& file, const object& wish) {
    file["universe_domain"] = or_else(text_in(wish, "universe_domain"), "googleapis.com");
    const auto quota = text_in(wish, "quota_project");
    if (!quota.empty()) file["quota_project_id"] = quota;
}

GoogleSignIn& begin_sign_in(Google& google, GoogleSignIn::Kind kind, std::string principal,
                            const object& wish) {
    auto scopes = texts_in(wish, "scopes");
    if (scopes.empty())
        scopes = {std::string(google_cloud_scope), std::string(google_email_scope), "openid"};
    const std::string client = kind == GoogleSignIn::Kind::google
                                   ? "sandbox-desktop.apps.googleusercontent.example"
                                   : "sandbox-workforce";
    auto& known = google.clients[client];
    if (known.secret.empty()) known.secret = "GOCSPX-" + random_token(21);
    note_rights(google, wish, principal);
    google.sign_ins.push_back({.kind = kind,
                               .principal = std::move(principal),
                               .client_id = client,
                               .scopes = std::move(scopes),
                               .refresh_token = "1//0" + random_token(72),
                               .spent = {}});
    return google.sign_ins.back();
}

Made authorized_user(State& state, const object& wish) {
    Google& google = state.google;
    const auto account = account_of(or_else(text_in(wish, "account"), demo_user)).email;
    google.people.try_emplace(account, true);
    auto& sign_in = begin_sign_in(google, GoogleSignIn::Kind::google, account, wish);
    object file{{"type", "authorized_user"},
                {"account", account},
                {"client_id", sign_in.client_id},
                {"client_secret", google.clients[sign_in.client_id].secret},
                {"refresh_token", sign_in.refresh_token},
                {"token_uri", state.settings.origin + "/google/token"}};
    if (flag_in(wish, "rapt")) {
        sign_in.reauth = "invalid_rapt";
        sign_in.rapt = random_token(60);
        file["rapt_token"] = sign_in.rapt;
    }
    add_common(file, wish);
    return file;
}

Made service_account(State& state, const object& wish) {
    auto& account = state.google.account(
        or_else(text_in(wish, "account"), "robot-" + random_text(6, "0123456789")));
    for (auto& subject : texts_in(wish, "subjects")) account.subjects.push_back(subject);
    const auto algorithm = text_in(wish, "key") == "ec" ? Algorithm::es256 : Algorithm::rs256;
    const auto key = add_key(account, algorithm, wish);
    note_rights(state.google, wish, account.email);
    object file{{"type", "service_account"},
                {"project_id", or_else(text_in(wish, "project"), google_project)},
                {"private_key_id", key.id},
                {"private_key", key.pem},
                {"client_email", account.email},
                {"client_id", account.unique_id},
                {"auth_uri", state.settings.origin + "/authorize"},
                {"token_uri", state.settings.origin + "/google/token"}};
    add_common(file, wish);
    return file;
}

Made distributed(State& state, const object& wish) {
    const auto project = or_else(text_in(wish, "project"), google_project);
    const auto name = or_else(text_in(wish, "name"), "robot");
    auto& account = state.google.account(fmt::format("system:serviceaccount:{}:{}", project, name),
                                         GoogleAccount::Kind::distributed);
    const auto key = add_key(account, Algorithm::es256, wish);
    object file{{"type", "gdch_service_account"},
                {"format_version", "1"},
                {"project", project},
                {"name", name},
                {"private_key_id", key.id},
                {"private_key", key.pem},
                {"token_uri", state.settings.origin + "/google/authenticate"}};
    const auto authority = text_in(wish, "ca_cert_path");
    if (!authority.empty()) file["ca_cert_path"] = authority;
    return file;
}

Made workforce_user(State& state, const object& wish) {
    const auto principal = fmt::format("{}/subject/{}", workforce_principals,
                                       or_else(text_in(wish, "account"), demo_user));
    auto& sign_in = begin_sign_in(state.google, GoogleSignIn::Kind::workforce, principal, wish);
    const std::string& origin = state.settings.origin;
    object file{{"type", "external_account_authorized_user"},
                {"audience", workforce_audience},
                {"client_id", sign_in.client_id},
                {"client_secret", state.google.clients[sign_in.client_id].secret},
                {"refresh_token", sign_in.refresh_token},
                {"token_url", origin + "/google/v1/oauthtoken"},
                {"token_info_url", origin + "/google/v1/introspect"},
                {"revoke_url", origin + "/google/v1/revoke"}};
    add_common(file, wish);
    return file;
}

std::string impersonation_url(State& state, const object& wish) {
    const auto target = or_else(text_in(wish, "target"), "target");
    return fmt::format("{}/google/v1/projects/-/serviceAccounts/{}:generateAccessToken",
                       state.settings.origin, state.google.account(target).email);
}

boost::json::array full_names(const std::vector<std::string>& names) {
    boost::json::array list;
    for (const auto& name : names)
        list.emplace_back("projects/-/serviceAccounts/" + google_email(name));
    return list;
}

Made external_account(State& state, const object& wish) {
    const bool aws = text_in(wish, "source") == "aws";
    const bool workforce = flag_in(wish, "workforce");
    const auto audience = workforce ? workforce_audience : aws ? aws_audience : oidc_audience;
    auto source = credential_source(state, wish, audience);
    if (!source) return source;
    object file{{"type", "external_account"},
                {"audience", audience},
                {"subject_token_type",
                 or_else(text_in(wish, "subject_token_type"), aws ? aws_token_type : jwt_type)},
                {"token_url", state.settings.origin + "/google/v1/token"},
                {"token_info_url", state.settings.origin + "/google/v1/introspect"},
                {"credential_source", *std::move(source)}};
    if (workforce) file["workforce_pool_user_project"] = google_project_number;
    if (flag_in(wish, "client")) {
        auto& client = state.google.clients["sandbox-workforce"];
        if (client.secret.empty()) client.secret = "GOCSPX-" + random_token(21);
        file["client_id"] = "sandbox-workforce";
        file["client_secret"] = client.secret;
    }
    if (flag_in(wish, "impersonate")) {
        file["service_account_impersonation_url"] = impersonation_url(state, wish);
        const auto lifetime = number_in(wish, "token_lifetime_seconds");
        if (lifetime)
            file["service_account_impersonation"] = object{{"token_lifetime_seconds", *lifetime}};
    }
    note_rights(state.google, wish,
                std::string(workforce ? workforce_principals : workload_principals) + "/*");
    add_common(file, wish);
    return file;
}

Made impersonated(State& state, const object& wish) {
    object inner = wish;
    inner["make"] = or_else(text_in(wish, "source"), "authorized_user");
    inner.erase("source");
    inner.erase("scopes");
    if (text_in(inner, "make") == "impersonated_service_account")
        return std::unexpected("the source must be of another type");
    auto source = make_google_file(state, inner);
    if (!source) return source;
    object file{{"type", "impersonated_service_account"},
                {"service_account_impersonation_url", impersonation_url(state, wish)},
                {"delegates", full_names(texts_in(wish, "delegates"))},
                {"source_credentials", *std::move(source)}};
    const auto scopes = texts_in(wish, "scopes");
    if (!scopes.empty()) file["scopes"] = boost::json::array(scopes.begin(), scopes.end());
    add_common(file, wish);
    return file;
}

// A desktop program's OAuth client, as Google's console writes it; it signs in at `/authorize`.
Made oauth_client(State& state) {
    const Client* client = state.clients.find("sandbox-secret");
    const std::string& origin = state.settings.origin;
    return object{{"installed",
                   {{"client_id", client->id},
                    {"project_id", google_project},
                    {"auth_uri", origin + "/authorize"},
                    {"token_uri", origin + "/token"},
                    {"client_secret", client->secret},
                    {"redirect_uris", {"http://localhost"}}}}};
}

}  // namespace

Made make_google_file(State& state, const object& wish) {
    const auto type = text_in(wish, "make");
    if (type == "authorized_user") return authorized_user(state, wish);
    if (type == "service_account") return service_account(state, wish);
    if (type == "external_account") return external_account(state, wish);
    if (type == "external_account_authorized_user") return workforce_user(state, wish);
    if (type == "impersonated_service_account") return impersonated(state, wish);
    if (type == "gdch_service_account") return distributed(state, wish);
    if (type == "oauth_client") return oauth_client(state);
    return std::unexpected("there is no type '" + type + "'");
}

}  // namespace hearth::sandbox
