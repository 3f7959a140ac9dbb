#include "providers/aws/identity_center.hpp"

#include <utility>

#include "core/try.hpp"
#include "oauth/authorization_request.hpp"
#include "oauth/device.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/pkce.hpp"
#include "providers/aws/sso_exchange.hpp"
#include "providers/aws/sso_oidc.hpp"
#include "providers/aws/sso_place.hpp"
#include "providers/aws/sso_portal.hpp"
#include "providers/aws/sso_token.hpp"
#include "providers/grants/code_grant.hpp"
#include "providers/grants/renewal.hpp"

namespace hearth::providers::aws {
namespace {

// As it is registered; the port is put in when it is used.
constexpr const char* registered_redirect = "http://127.0.0.1/oauth/callback";
constexpr const char* default_scope = "sso:account:access";
constexpr std::size_t verifier_octets = 48;  // 64 characters.

struct Signing {
    const Ports& ports;
    const Profile& profile;
    SsoPlace place;
    std::string start_url;
    Scopes scopes;

    [[nodiscard]] std::string token_url() const { return place.oidc + "/token"; }
    [[nodiscard]] Result<SsoClient> client(std::string redirect_uri,
                                           const std::stop_token& stop) const {
        return register_sso_client(
            ports.http, place.oidc,
            {.redirect_uri = std::move(redirect_uri), .start_url = start_url, .scopes = scopes},
            stop);
    }
};

Result<Signing> signing_of(const Ports& ports, const Profile& profile) {
    HEARTH_CHECK(check_identity_center(profile));
    auto place = HEARTH_TRY(sso_place(*profile.aws));
    auto scopes =
        profile.scopes.empty() ? HEARTH_TRY(Scopes::parse(default_scope)) : profile.scopes;
    return Signing{.ports = ports,
                   .profile = profile,
                   .place = std::move(place),
                   .start_url = profile.aws->sso_start_url,
                   .scopes = std::move(scopes)};
}

Session session_of(const Signing& signing, SsoClient client, oauth::TokenReply reply) {
    Session session;
    session.provider = "aws";
    session.issuer = signing.start_url;
    session.scopes = signing.scopes;
    session.signed_in_at = reply.requested_at.wall;
    session.token_endpoint = signing.token_url();
    session.revocation_endpoint = signing.place.portal + "/logout";
    // Whose sign-in it is nobody tells; at another portal it is another one.
    session.account.name = oauth::printable(signing.start_url, 256);
    session.facts[sso_start_url_fact] = signing.start_url;
    session.facts[sso_region_fact] = signing.profile.aws->sso_region;
    if (client.expires_at) session.facts[registration_fact] = to_rfc3339(*client.expires_at);
    session.client_id = std::move(client.id);
    session.client_secret = std::move(client.secret);
    session.client_auth = "client_secret_post";
    take_tokens(session, std::move(reply));
    return session;
}

Result<Session> take_token(const Signing& signing, SsoClient client, const SsoGrant& grant,
                           const std::stop_token& stop) {
    auto reply = HEARTH_TRY(reply_of(ask_sso_token(signing.ports.http, signing.ports.clock,
                                                   signing.token_url(), client, grant, stop)));
    return session_of(signing, std::move(client), std::move(reply));
}

Result<Session> take_code(const Signing& signing, SsoClient client, Secret verifier,
                          Result<CodeGrant::Received> received, const std::stop_token& stop) {
    auto code = HEARTH_TRY(std::move(received));
    return take_token(signing, std::move(client),
                      SsoCode{.code = std::move(code.code),
                              .redirect_uri = std::move(code.redirect_uri),
                              .verifier = std::move(verifier)},
                      stop);
}

Result<Session> by_browser(const Signing& signing, Person& person, const std::stop_token& stop) {
    const auto state = oauth::random_text(signing.ports.random, 32);
    auto pkce = oauth::Pkce::make(signing.ports.random, verifier_octets);
    auto grant = HEARTH_TRY(CodeGrant::open(
        signing.ports.callbacks, {.redirect_uri = registered_redirect,
                                  .redirect_port = signing.profile.redirect_port,
                                  .manual_redirect_uri = {},
                                  .response = {.state = state, .issuer = {}, .promises_iss = false},
                                  .limit = signing.profile.sign_in_timeout}));
    auto client = HEARTH_TRY(signing.client(registered_redirect, stop));
    oauth::AuthorizationRequest request;
    request.endpoint = signing.place.oidc + "/authorize";
    request.client_id = client.id;
    request.redirect_uri = grant.redirect_uri();
    request.state = state;
    request.challenge = pkce.challenge;
    request.extra = signing.profile.authorize_parameters;
    // In the plural, unlike RFC 6749.
    request.extra["scopes"] = signing.scopes.to_string();
    const CodeGrant::Pages pages{.browser_url = HEARTH_TRY(request.url()), .manual_url = {}};
    auto received = grant.ask(person, pages, stop);
    return CodeGrant::finish(
        std::move(grant),
        take_code(signing, std::move(client), std::move(pkce.verifier), std::move(received), stop),
        person);
}

Result<Session> by_device(const Signing& signing, Person& person, const std::stop_token& stop) {
    const auto& ports = signing.ports;
    const auto limit = signing.profile.sign_in_timeout;
    auto client = HEARTH_TRY(signing.client("", stop));
    const auto authorization = HEARTH_TRY(
        begin_sso_device(ports.http, signing.place.oidc, client, signing.start_url, stop));
    person.show(ShowCode{.user_code = authorization.user_code,
                         .verification_uri = authorization.verification_uri,
                         .verification_uri_complete = authorization.verification_uri_complete,
                         .expires_in = std::min(authorization.expires_in, limit)});
    const SsoGrant grant = SsoDevice{authorization.device_code.clone()};
    const auto ask = [&] {
        return ask_sso_token(ports.http, ports.clock, signing.token_url(), client, grant, stop);
    };
    auto reply = HEARTH_TRY(
        oauth::await_approval(authorization, limit, ports.clock, ports.waiter, ask, stop));
    return session_of(signing, std::move(client), std::move(reply));
}

Renewal over(std::string what) {
    return {.outcome = GrantInvalid{Error{Remedy::sign_in, std::move(what), "sign in again"}},
            .server_skew = {}};
}

}  // namespace

Result<> check_identity_center(const Profile& profile) {
    const auto& settings = *profile.aws;
    // What people copy from the portal often has one, as "…/start#/".
    const auto page = settings.sso_start_url.substr(0, settings.sso_start_url.find('#'));
    HEARTH_CHECK(oauth::endpoint("sso_start_url", page));
    if (settings.sso_region.empty())
        return std::unexpected(
            Error{Remedy::usage,
                  "profile '" + profile.name.text() + "' has an sso_start_url and no sso_region",
                  "set sso_region to the region of your IAM Identity Center"});
    HEARTH_TRY(sso_place(settings));
    return {};
}

Result<Session> sign_in_to_identity_center(const Ports& ports, const Profile& profile,
                                           const SignInOptions& options, Person& person,
                                           const std::stop_token& stop) {
    const auto signing = HEARTH_TRY(signing_of(ports, profile));
    return options.way == SignInWay::device ? by_device(signing, person, stop)
                                            : by_browser(signing, person, stop);
}

Renewal renew_identity_center(const Ports& ports, const Session& session,
                              const std::stop_token& stop) {
    if (!session.refresh_token || !session.client_secret)
        return over("IAM Identity Center gave no refresh token at this sign-in");
    const SsoClient client{
        .id = session.client_id, .secret = session.client_secret->clone(), .expires_at = {}};
    if (const auto fact = session.facts.find(registration_fact); fact != session.facts.end()) {
        const auto expires_at = parse_rfc3339(fact->second);
        if (expires_at && *expires_at <= ports.clock.now().wall)
            return over("hearth's registration with IAM Identity Center ended at " + fact->second);
    }
    return renewal_of(session,
                      ask_sso_token(ports.http, ports.clock, session.token_endpoint, client,
                                    SsoRefresh{session.refresh_token->clone()}, stop));
}

Result<> sign_out_of_identity_center(Http& http, const Session& session,
                                     const std::stop_token& stop) {
    HEARTH_CHECK(oauth::endpoint("the portal", session.revocation_endpoint));
    if (session.access_token.empty()) return {};
    auto request = sso_post(session.revocation_endpoint, {});
    request.headers.push_back(portal_token(session.access_token));
    const auto response = http.send(std::move(request), stop);
    if (!response) return std::unexpected(response.error().error);
    // 401: the token has expired, or somebody signed out before.
    const bool done =
        (response->status >= 200 && response->status < 300) || response->status == 401;
    if (done) return {};
    std::vector<Secret> secrets;
    secrets.push_back(session.access_token.clone());
    return std::unexpected(sso_error(*response, SsoRefusal::read(*response, secrets),
                                     session.revocation_endpoint, "the sign-out", Remedy::failed));
}

}  // namespace hearth::providers::aws
