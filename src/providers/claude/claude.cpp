#include "providers/claude/claude.hpp"

#include <algorithm>

#include "core/try.hpp"
#include "json/object_writer.hpp"
#include "oauth/authorization_request.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/exchange.hpp"
#include "oauth/loopback_redirect.hpp"
#include "oauth/revocation.hpp"
#include "oauth/token_endpoint.hpp"
#include "providers/claude/api_key.hpp"
#include "providers/claude/console.hpp"
#include "providers/claude/federation.hpp"
#include "providers/claude/profile_reply.hpp"
#include "providers/claude/sign_in.hpp"
#include "providers/claude/take_over.hpp"
#include "providers/grants/renewal.hpp"

namespace hearth::providers {
namespace {

constexpr const char* what_is_allowed =
    "use an API key from the Claude Console (hearth login --with-key), workload identity "
    "federation, or set client_id to one that was issued to you; Anthropic's terms keep the "
    "sign-in with a Claude.ai subscription to Anthropic's own applications";

Error no_client_id(const Profile& profile) {
    return {Remedy::usage,
            "profile '" + profile.name.text() +
                "' has no client_id, and hearth brings none of another application",
            what_is_allowed};
}

// Without a `scope`: the server keeps what was granted.
HttpRequest refresh_request(const Session& session, const Secret& refresh_token) {
    json::ObjectWriter body;
    body.text("grant_type", "refresh_token")
        .text("refresh_token", refresh_token.reveal())
        .text("client_id", session.client_id);
    return {.method = "POST",
            .url = session.token_endpoint,
            .headers = {{"Content-Type", "application/json"},
                        {"Accept", "application/json"},
                        {"anthropic-beta", claude::oauth_beta}},
            .body = body.take()};
}

Result<Session> session_in(Renewal renewal) {
    if (auto* const renewed = std::get_if<Renewed>(&renewal.outcome))
        return std::move(renewed->session);
    if (auto* const not_renewed = std::get_if<NotRenewed>(&renewal.outcome))
        return std::unexpected(std::move(not_renewed->error));
    return std::unexpected(
        Error{Remedy::failed, "the identity token was not exchanged", "hearth doctor"});
}

bool is_oauth(const Session& session) { return session.kind == Credential::Kind::bearer; }

std::vector<Fact> facts_of_workload(const Session& session) {
    std::vector<Fact> facts{{"service account", session.account.subject},
                            {"organization id", session.account.organization_id}};
    if (!session.account.workspace_id.empty())
        facts.push_back({"workspace", session.account.workspace_id});
    if (!session.scopes.empty()) facts.push_back({"scopes", session.scopes.to_string()});
    facts.push_back({"state", "accepted"});
    return facts;
}

// The headers that go beside the credential.
std::vector<HeaderRule> rules_for(const Profile& profile, const Session& session) {
    auto rules = header_rules("claude", session.kind);
    if (!is_oauth(session)) return rules;
    // What a workload gets is bound to its workspace already.
    if (!profile.claude->workspace.empty() && !session.unattended) {
        rules.push_back(
            {"anthropic-workspace-id", profile.claude->workspace, HeaderRule::Merge::if_absent});
    }
    return rules;
}

Error refused_question(const HttpResponse& response, const std::string& url,
                       const Session& session) {
    std::vector<Secret> secrets;
    secrets.push_back(session.access_token.clone());
    auto error = oauth::not_done(response, url, "the API", secrets);
    error.what += oauth::request_id(response, secrets);
    if (response.status == 401) {
        error.remedy = Remedy::sign_in;
        error.hint = is_oauth(session) ? "sign in again" : "store a key that is valid";
    } else if (response.status == 403) {
        error.hint = "this credential may not ask that; the scope user:profile is needed";
    }
    return error;
}

}  // namespace

Result<> Claude::check(const Profile& profile) const {
    const auto console = claude::Console::of(profile);
    for (const auto& url : {console.authorization, console.token, console.manual_redirect_uri,
                            console.account_profile, console.models}) {
        HEARTH_CHECK(oauth::endpoint("a URL of the profile", url));
    }
    if (!profile.redirect_uri.empty()) {
        HEARTH_CHECK(oauth::LoopbackRedirect::parse(profile.redirect_uri, profile.redirect_port));
    }
    oauth::AuthorizationRequest request;
    request.endpoint = console.authorization;
    request.extra = profile.authorize_parameters;
    HEARTH_CHECK(request.url());
    return claude::check_federation(profile);
}

bool Claude::unattended(const Profile& profile) const {
    return material_ != nullptr && !profile.federation->none();
}

Result<Session> Claude::sign_in(const Profile& profile, const SignInOptions& options,
                                Person& person, std::stop_token stop) {
    HEARTH_CHECK(check(profile));
    if (unattended(profile))
        return session_in(claude::exchange_identity(ports_, *material_, profile, stop));
    if (profile.client_id.empty()) return std::unexpected(no_client_id(profile));
    if (options.way == SignInWay::device) {
        return std::unexpected(Error{Remedy::usage, "claude has no sign-in by device code",
                                     "leave --device out; --no-browser lets you paste a code"});
    }
    return claude::sign_in(ports_, profile, person, stop);
}

Result<Session> Claude::adopt(const Profile& profile, Secret token) {
    if (unattended(profile)) {
        return std::unexpected(
            Error{Remedy::usage,
                  "profile '" + profile.name.text() + "' signs in by itself and is given no token",
                  "keep the token in another profile"});
    }
    const auto text = token.reveal();
    const bool sendable = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
    const bool key = text.starts_with("sk-ant-api") || text.starts_with("sk-ant-admin");
    const bool access_token = text.starts_with("sk-ant-oat");
    if (!sendable || (!key && !access_token)) {
        return std::unexpected(
            Error{Remedy::usage,
                  "profile '" + profile.name.text() +
                      "' was given something that is neither a Claude API key nor an access token",
                  "API keys begin with sk-ant-api, access tokens with sk-ant-oat"});
    }
    Session session;
    session.provider = "claude";
    session.kind = key ? Credential::Kind::api_key : Credential::Kind::bearer;
    session.signed_in_at = ports_.clock.now().wall;
    session.access_token = std::move(token);
    return session;
}

Result<Session> Claude::adopt_key(const Profile& profile, Secret key) {
    HEARTH_CHECK(claude::check_api_key(profile.name.text(), key));
    return adopt(profile, std::move(key));
}

Result<Session> Claude::take_over(const Profile& profile, HeldTokens tokens,
                                  const std::stop_token& stop) {
    HEARTH_CHECK(check(profile));
    if (unattended(profile)) {
        return std::unexpected(Error{Remedy::usage,
                                     "profile '" + profile.name.text() + "' signs in by itself",
                                     "import into another profile"});
    }
    if (profile.client_id.empty()) return std::unexpected(no_client_id(profile));
    return claude::take_over(ports_, profile, std::move(tokens), stop);
}

Renewal Claude::renew(const Profile& profile, const Session& session, std::stop_token stop) {
    // What somebody signed in to before the profile was changed is renewed as what it is.
    if (unattended(profile) && session.unattended)
        return claude::exchange_identity(ports_, *material_, profile, stop);
    if (!session.refresh_token) {
        return {.outcome = GrantInvalid{Error{Remedy::sign_in,
                                              "the session has no refresh token to renew it with",
                                              "sign in again, or store another key"}},
                .server_skew = {}};
    }
    oauth::TokenEndpoint tokens(ports_.http, ports_.clock);
    std::vector<Secret> secrets;
    secrets.push_back(session.refresh_token->clone());
    auto answer = tokens.send(refresh_request(session, *session.refresh_token), secrets, stop);
    const auto told =
        answer.outcome ? claude::account_in_token_reply(answer.outcome->document) : Account{};
    auto renewal = renewal_of(session, std::move(answer));
    if (auto* const renewed = std::get_if<Renewed>(&renewal.outcome))
        claude::move_organization(renewed->session.account, told);
    return renewal;
}

Result<> Claude::revoke(const Profile& /*profile*/, const Session& session, std::stop_token stop) {
    if (session.revocation_endpoint.empty() || !is_oauth(session)) return {};
    const auto* const refresh_token = session.refresh_token ? &*session.refresh_token : nullptr;
    return oauth::revoke(ports_.http, session.revocation_endpoint, client_of(session),
                         refresh_token, session.access_token, stop);
}

Result<std::vector<Fact>> Claude::whoami(const Profile& profile, const Session& session,
                                         std::stop_token stop) {
    const auto console = claude::Console::of(profile);
    // The profile endpoint tells of a person.
    const bool person = is_oauth(session) && !session.unattended;
    const auto& url = person ? console.account_profile : console.models;
    auto headers = HEARTH_TRY(credential(profile, session)->headers("GET", url));
    HttpRequest request{.url = url, .headers = std::move(headers), .body = {}};
    const auto response = ports_.http.send(std::move(request), stop);
    if (!response) return std::unexpected(response.error().error);
    // What somebody was given may be good for the models alone.
    if (response->status == 403 && person && !session.renewable())
        return std::vector<Fact>{{"account", "not told: the scope user:profile is needed"}};
    if (response->status != 200) {
        return std::unexpected(refused_question(*response, url, session));
    }
    if (session.unattended) return facts_of_workload(session);
    if (!is_oauth(session))
        return std::vector<Fact>{{"credential", "API key"}, {"state", "accepted"}};
    const auto reply = json::Document::parse(response->body.reveal());
    if (!reply) {
        return std::unexpected(
            Error{Remedy::failed, "the profile endpoint answered something that is not JSON", ""});
    }
    auto facts = claude::facts_in_profile_reply(*reply);
    if (!session.account.workspace_name.empty()) {
        facts.push_back({"workspace", session.account.workspace_name});
    }
    if (!session.scopes.empty()) facts.push_back({"scopes", session.scopes.to_string()});
    return facts;
}

CredentialPtr Claude::credential(const Profile& profile, const Session& session) const {
    return std::make_shared<const Credential>(
        Credential::Parts{.kind = session.kind,
                          .token = session.access_token.clone(),
                          .profile = profile.name.text(),
                          .version = session.version,
                          .expires_at = expiry_of(session),
                          .headers = rules_for(profile, session)});
}

}  // namespace hearth::providers
