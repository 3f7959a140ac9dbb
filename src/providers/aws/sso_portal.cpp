#include "providers/aws/sso_portal.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "core/try.hpp"
#include "json/document.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/form.hpp"
#include "oauth/token_reply.hpp"
#include "providers/aws/sso_exchange.hpp"

namespace hearth::providers::aws {
namespace {

using Kind = KeysFailure::Kind;

constexpr const char* page_size = "100";
// Nobody has that many; a portal that goes on and on is not asked forever.
constexpr int most_pages = 1000;

struct Portal {
    const SsoCaller& caller;
    Http& http;
    const Clock& clock;
    const std::stop_token& stop;
};

std::unexpected<KeysFailure> failed(Kind kind, Error error) {
    return std::unexpected(KeysFailure{.kind = kind, .error = std::move(error), .retry_after = {}});
}

// `what` was asked for; `hint` is for what the service would not give.
KeysFailure failure_of(const Portal& portal, const HttpResponse& response, const std::string& what,
                       const std::string& hint) {
    std::vector<Secret> secrets;
    secrets.push_back(portal.caller.access_token.clone());
    const auto refusal = SsoRefusal::read(response, secrets);
    KeysFailure failure{
        .kind = refusal.passing ? Kind::passing : Kind::refused,
        .error = sso_error(response, refusal, portal.caller.portal, what, Remedy::failed),
        .retry_after = oauth::retry_after(response, portal.clock.now().wall)};
    if (refusal.passing) return failure;
    failure.error.hint = hint;
    if (response.status == 403) failure.error.remedy = Remedy::refused;
    if (response.status != 401) return failure;
    failure.kind = Kind::needs_person;
    failure.error.remedy = Remedy::sign_in;
    failure.error.what += ": the sign-in to IAM Identity Center is over";
    failure.error.hint = portal.caller.sign_in;
    return failure;
}

struct Answer {
    json::Document body;
    std::optional<Span> server_skew;
};

std::expected<Answer, KeysFailure> ask(const Portal& portal, const std::string& target,
                                       const std::string& what, const std::string& hint) {
    const auto url = portal.caller.portal + target;
    if (auto allowed = oauth::endpoint("the portal", url); !allowed)
        return failed(Kind::not_asked, std::move(allowed).error());
    HttpRequest request{
        .url = url,
        .headers = {{"Accept", "application/json"}, portal_token(portal.caller.access_token)},
        .body = {}};
    const auto before = portal.clock.now().wall;
    const auto response = portal.http.send(std::move(request), portal.stop);
    if (!response) return failed(Kind::passing, response.error().error);
    if (response->status != 200) return std::unexpected(failure_of(portal, *response, what, hint));
    auto body = json::Document::parse(response->body.reveal());
    if (body)
        return Answer{
            .body = *std::move(body),
            .server_skew = oauth::server_skew(*response, before, portal.clock.now().wall)};
    return failed(Kind::refused, {Remedy::failed, what + " was not answered with JSON",
                                  "check sso_region, and sso_portal_endpoint where it is set"});
}

// Every page of a list, one after the other.
std::expected<void, KeysFailure> each_page(
    const Portal& portal, const std::string& list, const std::string& what,
    const std::function<void(const json::Document& page)>& take) {
    std::string next;
    for (int page = 0; page < most_pages; ++page) {
        auto target = list + "max_result=" + page_size;
        if (!next.empty()) target += "&next_token=" + oauth::form_encoded(next);
        const auto answer = HEARTH_TRY(ask(portal, target, what, ""));
        take(answer.body);
        next = answer.body.text("nextToken");
        if (next.empty()) return {};
    }
    return failed(Kind::refused, {Remedy::failed, what + " has no end", ""});
}

std::expected<std::vector<std::string>, KeysFailure> roles_in(const Portal& portal,
                                                              const std::string& account) {
    std::vector<std::string> roles;
    HEARTH_CHECK(each_page(portal,
                           "/assignment/roles?account_id=" + oauth::form_encoded(account) + "&",
                           "the list of roles of account " + oauth::printable(account, 40),
                           [&](const json::Document& page) {
                               for (const auto& one : page.objects("roleList"))
                                   roles.push_back(oauth::printable(one.text("roleName"), 256));
                           }));
    return roles;
}

}  // namespace

Header portal_token(const Secret& access_token) {
    return {"x-amz-sso_bearer_token", std::string(access_token.reveal())};
}

KeysResult role_keys(const SsoCaller& caller, const SsoRole& role, Http& http, const Clock& clock,
                     const std::stop_token& stop) {
    const Portal portal{caller, http, clock, stop};
    const auto what = "the question for role '" + role.role_name + "' of account " +
                      (role.account_id.empty() ? "''" : role.account_id);
    const auto answer = HEARTH_TRY(
        ask(portal,
            "/federation/credentials?role_name=" + oauth::form_encoded(role.role_name) +
                "&account_id=" + oauth::form_encoded(role.account_id),
            what,
            "check sso_account_id and sso_role_name; hearth aws roles lists what this sign-in may "
            "take"));
    const auto given = answer.body.object("roleCredentials");
    auto secret = given.secret("secretAccessKey");
    auto token = given.secret("sessionToken");
    auto id = given.text("accessKeyId");
    const auto expiration = given.number("expiration");  // In milliseconds.
    if (id.empty() || !secret || !token || !expiration)
        return failed(Kind::refused, {Remedy::failed, what + " was answered without keys", ""});
    return Keys{.keys = {.access_key_id = std::move(id),
                         .secret_access_key = *std::move(secret),
                         .session_token = *std::move(token),
                         .account_id = role.account_id},
                .expires_at = Instant(Span(*expiration)),
                .arn = {},
                .server_skew = answer.server_skew};
}

SsoAccounts accounts_and_roles(const SsoCaller& caller, std::string_view only, Http& http,
                               const Clock& clock, const std::stop_token& stop) {
    const Portal portal{caller, http, clock, stop};
    std::vector<SsoAccount> accounts;
    HEARTH_CHECK(each_page(
        portal, "/assignment/accounts?", "the list of accounts", [&](const json::Document& page) {
            for (const auto& one : page.objects("accountList"))
                accounts.push_back({.id = oauth::printable(one.text("accountId"), 40),
                                    .name = oauth::printable(one.text("accountName"), 256),
                                    .email = oauth::printable(one.text("emailAddress"), 256),
                                    .roles = {}});
        }));
    if (!only.empty())
        std::erase_if(accounts, [&](const SsoAccount& one) { return one.id != only; });
    for (auto& account : accounts) account.roles = HEARTH_TRY(roles_in(portal, account.id));
    return accounts;
}

}  // namespace hearth::providers::aws
