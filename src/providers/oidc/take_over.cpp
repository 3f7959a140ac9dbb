#include "providers/oidc/take_over.hpp"

#include "core/try.hpp"
#include "oauth/endpoint.hpp"
#include "providers/grants/held_tokens.hpp"
#include "providers/oidc/account.hpp"
#include "providers/oidc/server.hpp"

namespace hearth::providers {
namespace {

// A server without a userinfo endpoint does not say whose a token is.
Result<> ask_account(const Ports& ports, Session& session, const std::stop_token& stop) {
    if (!serves(session) || session.userinfo_endpoint.empty()) return {};
    const auto userinfo =
        ask_userinfo(ports.http, session.userinfo_endpoint, session.access_token, stop);
    if (userinfo) return add_userinfo(session.account, *userinfo);
    renew_first(session);
    return {};
}

}  // namespace

Result<Session> take_over_oidc(const Ports& ports, const Profile& profile, HeldTokens tokens,
                               const std::stop_token& stop) {
    const auto server = HEARTH_TRY(server_of(ports.http, profile, SignInWay::browser, stop));
    HEARTH_CHECK(oauth::endpoint("the token endpoint", server.endpoints.token));
    auto client = HEARTH_TRY(given_client(profile, server, std::move(tokens.client_secret)));
    Session session;
    session.provider = "oidc";
    session.issuer = server.issuer;
    session.token_endpoint = server.endpoints.token;
    session.revocation_endpoint = server.endpoints.revocation;
    session.userinfo_endpoint = server.endpoints.userinfo;
    session.client_id = std::move(client.id);
    session.client_auth = oauth::to_string(client.auth);
    session.client_secret = std::move(client.secret);
    take_held(session, std::move(tokens), ports.clock.now());
    HEARTH_CHECK(ask_account(ports, session, stop));
    return session;
}

}  // namespace hearth::providers
