#include "providers/oidc/sign_in.hpp"

#include "core/try.hpp"
#include "oauth/authorization_request.hpp"
#include "oauth/device.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/id_token.hpp"
#include "oauth/pkce.hpp"
#include "oauth/token_endpoint.hpp"
#include "providers/grants/code_grant.hpp"
#include "providers/grants/renewal.hpp"
#include "providers/oidc/account.hpp"
#include "providers/oidc/server.hpp"

namespace hearth::providers {
namespace {

constexpr const char* default_redirect = "http://127.0.0.1:{port}/callback";

// What a sign-in has found out by the time it has a token.
struct Signing {
    const Ports& ports;
    const Profile& profile;
    oauth::ServerMetadata server;
    oauth::Client client;
    Scopes scopes;
    std::string nonce;
};

Result<> take_id_token(const Signing& signing, const std::optional<Secret>& id_token,
                       Account& account, const std::stop_token& stop) {
    if (!id_token) return {};
    if (signing.server.endpoints.jwks.empty() || signing.server.issuer.empty()) {
        return std::unexpected(
            Error{Remedy::usage, "the server issued an ID token that nothing here can check",
                  "set issuer and endpoints.jwks, or leave openid out of the profile's scopes"});
    }
    const auto claims = HEARTH_TRY(oauth::validate_id_token(
        signing.ports.http, *id_token, signing.server.endpoints.jwks,
        {.issuer = signing.server.issuer, .client_id = signing.client.id, .nonce = signing.nonce},
        signing.ports.clock.now().wall, stop));
    account.subject = claims.subject;
    account.email = oauth::printable(claims.email, 256);
    account.name = oauth::printable(claims.name, 256);
    return {};
}

// A server that does not answer here spoils no sign-in; one that speaks of somebody else does.
Result<> take_userinfo(const Signing& signing, Session& session, const std::stop_token& stop) {
    if (session.userinfo_endpoint.empty() || !session.scopes.contains("openid")) return {};
    const auto userinfo =
        ask_userinfo(signing.ports.http, session.userinfo_endpoint, session.access_token, stop);
    if (!userinfo) return {};
    return add_userinfo(session.account, *userinfo);
}

Result<Session> session_of(Signing signing, oauth::TokenReply reply, const std::stop_token& stop) {
    Session session;
    session.provider = "oidc";
    session.issuer = signing.server.issuer;
    session.scopes = signing.scopes;
    session.signed_in_at = reply.requested_at.wall;
    session.token_endpoint = signing.server.endpoints.token;
    session.revocation_endpoint = signing.server.endpoints.revocation;
    session.userinfo_endpoint = signing.server.endpoints.userinfo;
    HEARTH_CHECK(take_id_token(signing, reply.id_token, session.account, stop));
    take_tokens(session, std::move(reply));
    HEARTH_CHECK(take_userinfo(signing, session, stop));
    session.client_id = signing.client.id;
    session.client_auth = oauth::to_string(signing.client.auth);
    session.client_secret = std::move(signing.client.secret);
    return session;
}

CodeGrant::Plan plan_of(const Profile& profile, const oauth::ServerMetadata& server,
                        std::string state) {
    return {.redirect_uri = profile.redirect_uri.empty() ? default_redirect : profile.redirect_uri,
            .redirect_port = profile.redirect_port,
            .manual_redirect_uri = profile.manual_redirect_uri,
            .response = {.state = std::move(state),
                         .issuer = server.issuer,
                         .promises_iss = server.promises_iss},
            .limit = profile.sign_in_timeout};
}

// Both pages' addresses; they differ in where the answer goes.
Result<CodeGrant::Pages> pages_of(const Signing& signing, oauth::AuthorizationRequest request) {
    request.endpoint = signing.server.endpoints.authorization;
    request.client_id = signing.client.id;
    request.scopes = signing.scopes;
    request.nonce = signing.nonce;
    request.resources = signing.profile.resources;
    request.extra = signing.profile.authorize_parameters;
    CodeGrant::Pages pages{.browser_url = HEARTH_TRY(request.url()), .manual_url = {}};
    if (!signing.profile.manual_redirect_uri.empty()) {
        request.redirect_uri = signing.profile.manual_redirect_uri;
        pages.manual_url = HEARTH_TRY(request.url());
    }
    return pages;
}

Result<Session> exchange_code(Signing signing, const Secret& verifier,
                              Result<CodeGrant::Received> received, const std::stop_token& stop) {
    const auto code = HEARTH_TRY(std::move(received));
    oauth::TokenEndpoint tokens(signing.ports.http, signing.ports.clock);
    auto form =
        oauth::code_grant(code.code, verifier, code.redirect_uri, signing.profile.resources);
    auto reply = HEARTH_TRY(reply_of(
        tokens.ask(signing.server.endpoints.token, signing.client, std::move(form), stop)));
    return session_of(std::move(signing), std::move(reply), stop);
}

}  // namespace

Result<Session> sign_in_by_browser(const Ports& ports, const Profile& profile, Person& person,
                                   const std::stop_token& stop) {
    auto server = HEARTH_TRY(server_of(ports.http, profile, SignInWay::browser, stop));
    HEARTH_CHECK(oauth::endpoint("the authorization endpoint", server.endpoints.authorization));
    HEARTH_CHECK(oauth::endpoint("the token endpoint", server.endpoints.token));
    const auto scopes = scopes_for(profile, server);
    const auto state = oauth::random_text(ports.random, 32);
    const auto pkce = oauth::Pkce::make(ports.random, 64);

    auto grant = HEARTH_TRY(CodeGrant::open(ports.callbacks, plan_of(profile, server, state)));
    auto client =
        HEARTH_TRY(client_for(ports.http, profile, server, scopes, {grant.redirect_uri()}, stop));
    Signing signing{.ports = ports,
                    .profile = profile,
                    .server = std::move(server),
                    .client = std::move(client),
                    .scopes = scopes,
                    .nonce = scopes.contains("openid") ? oauth::random_text(ports.random, 32) : ""};
    oauth::AuthorizationRequest request;
    request.redirect_uri = grant.redirect_uri();
    request.state = state;
    request.challenge = pkce.challenge;
    const auto pages = HEARTH_TRY(pages_of(signing, std::move(request)));
    auto received = grant.ask(person, pages, stop);
    return CodeGrant::finish(
        std::move(grant),
        exchange_code(std::move(signing), pkce.verifier, std::move(received), stop), person);
}

Result<Session> sign_in_by_device(const Ports& ports, const Profile& profile, Person& person,
                                  const std::stop_token& stop) {
    auto server = HEARTH_TRY(server_of(ports.http, profile, SignInWay::device, stop));
    HEARTH_CHECK(oauth::endpoint("the device authorization endpoint",
                                 server.endpoints.device_authorization));
    const auto scopes = scopes_for(profile, server);
    auto client = HEARTH_TRY(client_for(ports.http, profile, server, scopes, {}, stop));
    const oauth::DeviceRequest request{
        .device_endpoint = server.endpoints.device_authorization,
        .token_endpoint = server.endpoints.token,
        .scopes = scopes,
        .resources = profile.resources,
    };
    oauth::DeviceFlow flow(ports.http, ports.clock, ports.waiter);
    const auto authorization = HEARTH_TRY(flow.begin(request, client, stop));
    person.show(
        ShowCode{.user_code = authorization.user_code,
                 .verification_uri = authorization.verification_uri,
                 .verification_uri_complete = authorization.verification_uri_complete,
                 .expires_in = std::min(authorization.expires_in, profile.sign_in_timeout)});
    auto reply =
        HEARTH_TRY(flow.await(request, client, authorization, profile.sign_in_timeout, stop));
    Signing signing{.ports = ports,
                    .profile = profile,
                    .server = std::move(server),
                    .client = std::move(client),
                    .scopes = scopes,
                    .nonce = {}};
    return session_of(std::move(signing), std::move(reply), stop);
}

}  // namespace hearth::providers
