#include "providers/oidc/oidc.hpp"

#include <algorithm>

#include "core/try.hpp"
#include "oauth/authorization_request.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/loopback_redirect.hpp"
#include "oauth/revocation.hpp"
#include "oauth/token_endpoint.hpp"
#include "providers/grants/renewal.hpp"
#include "providers/oidc/account.hpp"
#include "providers/oidc/server.hpp"
#include "providers/oidc/sign_in.hpp"
#include "providers/oidc/take_over.hpp"
#include "signing/claims.hpp"
#include "signing/jws.hpp"

namespace hearth::providers {
namespace {

Error wrong(const Profile& profile, std::string_view what, std::string_view hint) {
    return Error{Remedy::usage, "profile '" + profile.name.text() + "' " + std::string(what),
                 std::string(hint)};
}

// The session's client; a secret that was changed in the profile since then counts at once.
oauth::Client current_client(const Profile& profile, const Session& session) {
    auto client = client_of(session);
    if (!profile.client_secret.empty() && profile.client_id == session.client_id) {
        client.secret = Secret(profile.client_secret);
        client.auth =
            oauth::parse_client_auth(profile.client_auth, true).value_or(oauth::ClientAuth::basic);
        if (profile.client_auth.empty() && session.client_auth == "client_secret_post") {
            client.auth = oauth::ClientAuth::post;
        }
    }
    return client;
}

std::optional<Lifespan> lifespan_in(const Secret& token, const Moment& now) {
    const auto jws = signing::Jws::parse(token.reveal());
    if (!jws) return {};
    const auto claims = signing::Claims::parse(jws->payload);
    const auto expires_at = claims ? claims->expires_at : std::nullopt;
    if (!expires_at) return {};
    return Lifespan{.issued = now, .lifetime = *expires_at - now.wall};
}

Result<> check_endpoints(const Profile& profile) {
    const auto& own = *profile.endpoints;
    for (const auto& url : {own.authorization, own.token, own.device_authorization, own.revocation,
                            own.userinfo, own.registration, own.jwks, profile.issuer}) {
        if (!url.empty()) HEARTH_CHECK(oauth::endpoint("a URL of the profile", url));
    }
    return {};
}

// What was given to a process comes without the server that it is of.
Result<std::string> userinfo_for(Http& http, const Profile& profile, const Session& session,
                                 const std::stop_token& stop) {
    if (!session.userinfo_endpoint.empty() || !session.issuer.empty())
        return session.userinfo_endpoint;
    if (profile.issuer.empty()) return profile.endpoints->userinfo;
    return HEARTH_TRY(server_of(http, profile, SignInWay::browser, stop)).endpoints.userinfo;
}

}  // namespace

Result<> Oidc::check(const Profile& profile) const {
    HEARTH_CHECK(check_endpoints(profile));
    const auto& own = *profile.endpoints;
    const bool has_endpoints =
        !own.token.empty() && (!own.authorization.empty() || !own.device_authorization.empty());
    if (profile.issuer.empty() && !has_endpoints) {
        return std::unexpected(wrong(profile, "has no issuer",
                                     "set issuer, or endpoints.authorization and endpoints.token"));
    }
    HEARTH_CHECK(oauth::parse_client_auth(profile.client_auth, !profile.client_secret.empty()));
    if (!profile.client_secret.empty() && profile.client_id.empty()) {
        return std::unexpected(
            wrong(profile, "has a client_secret without a client_id", "set client_id"));
    }
    if (!profile.redirect_uri.empty()) {
        HEARTH_CHECK(oauth::LoopbackRedirect::parse(profile.redirect_uri, profile.redirect_port));
    }
    oauth::AuthorizationRequest request;
    request.endpoint = "https://host.invalid/";
    request.extra = profile.authorize_parameters;
    HEARTH_CHECK(request.url());
    return {};
}

Result<Session> Oidc::sign_in(const Profile& profile, const SignInOptions& options, Person& person,
                              std::stop_token stop) {
    HEARTH_CHECK(check(profile));
    if (options.way == SignInWay::device) {
        return sign_in_by_device(ports_, profile, person, stop);
    }
    return sign_in_by_browser(ports_, profile, person, stop);
}

Result<Session> Oidc::adopt(const Profile& profile, Secret token) {
    const auto good = [](char c) { return c > 0x20 && c < 0x7F; };
    if (token.empty() || !std::ranges::all_of(token.reveal(), good)) {
        return std::unexpected(wrong(profile, "was given something that is not a token",
                                     "give one line with the token and nothing else"));
    }
    const auto now = ports_.clock.now();
    Session session;
    session.provider = "oidc";
    session.issuer = profile.issuer;
    session.scopes = profile.scopes;
    session.signed_in_at = now.wall;
    session.userinfo_endpoint = profile.endpoints->userinfo;
    session.lifespan = lifespan_in(token, now);
    if (session.lifespan && session.lifespan->lifetime <= Span{}) {
        return std::unexpected(
            wrong(profile, "was given a token that has expired", "get a new one"));
    }
    session.access_token = std::move(token);
    return session;
}

Result<Session> Oidc::take_over(const Profile& profile, HeldTokens tokens,
                                const std::stop_token& stop) {
    HEARTH_CHECK(check(profile));
    if (profile.client_id.empty())
        return std::unexpected(wrong(profile, "has no client_id", "set client_id"));
    return take_over_oidc(ports_, profile, std::move(tokens), stop);
}

Renewal Oidc::renew(const Profile& profile, const Session& session, std::stop_token stop) {
    if (!session.refresh_token) {
        return {.outcome = GrantInvalid{Error{Remedy::sign_in,
                                              "the session has no refresh token to renew it with",
                                              "sign in again"}},
                .server_skew = {}};
    }
    oauth::TokenEndpoint tokens(ports_.http, ports_.clock);
    auto form = oauth::refresh_grant(*session.refresh_token, profile.resources);
    return renewal_of(session, tokens.ask(session.token_endpoint, current_client(profile, session),
                                          std::move(form), stop));
}

Result<> Oidc::revoke(const Profile& profile, const Session& session, std::stop_token stop) {
    if (session.revocation_endpoint.empty()) return {};
    const auto* const refresh_token = session.refresh_token ? &*session.refresh_token : nullptr;
    return oauth::revoke(ports_.http, session.revocation_endpoint, current_client(profile, session),
                         refresh_token, session.access_token, stop);
}

Result<std::vector<Fact>> Oidc::whoami(const Profile& profile, const Session& session,
                                       std::stop_token stop) {
    auto account = session.account;
    const auto endpoint = HEARTH_TRY(userinfo_for(ports_.http, profile, session, stop));
    if (!endpoint.empty()) {
        const auto userinfo =
            HEARTH_TRY(ask_userinfo(ports_.http, endpoint, session.access_token, stop));
        // What the server says now counts; what it does not say stays.
        Account told;
        told.subject = account.subject;
        HEARTH_CHECK(add_userinfo(told, userinfo));
        account.subject = told.subject;
        if (!told.email.empty()) account.email = told.email;
        if (!told.name.empty()) account.name = told.name;
    }
    std::vector<Fact> facts;
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) facts.push_back({std::string(name), value});
    };
    add("issuer", session.issuer);
    add("subject", account.subject);
    add("email", account.email);
    add("name", account.name);
    add("scopes", session.scopes.to_string());
    return facts;
}

CredentialPtr Oidc::credential(const Profile& profile, const Session& session) const {
    return std::make_shared<const Credential>(
        Credential::Parts{.kind = session.kind,
                          .token = session.access_token.clone(),
                          .profile = profile.name.text(),
                          .version = session.version,
                          .expires_at = expiry_of(session),
                          .headers = {}});
}

}  // namespace hearth::providers
