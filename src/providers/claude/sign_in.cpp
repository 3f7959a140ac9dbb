#include "providers/claude/sign_in.hpp"

#include "core/try.hpp"
#include "json/document.hpp"
#include "oauth/authorization_request.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/pkce.hpp"
#include "oauth/token_endpoint.hpp"
#include "providers/claude/console.hpp"
#include "providers/claude/profile_reply.hpp"
#include "providers/grants/code_grant.hpp"
#include "providers/grants/renewal.hpp"

namespace hearth::providers::claude {
namespace {

constexpr const char* default_redirect = "http://localhost:{port}/callback";
constexpr const char* default_scopes = "user:profile user:inference user:developer";

// What one sign-in made up and has to repeat.
struct Attempt {
    Console console;
    std::string state;
    oauth::Pkce pkce;
    Scopes scopes;
};

Result<CodeGrant::Pages> pages_of(const Profile& profile, const Attempt& attempt,
                                  const std::string& redirect_uri) {
    oauth::AuthorizationRequest request;
    request.endpoint = attempt.console.authorization;
    request.client_id = profile.client_id;
    request.redirect_uri = redirect_uri;
    request.scopes = attempt.scopes;
    request.state = attempt.state;
    request.challenge = attempt.pkce.challenge;
    request.extra = profile.authorize_parameters;
    // Both bind the choice beforehand, so that the page does not ask for it.
    if (!profile.claude->workspace.empty())
        request.extra.try_emplace("workspace_id", profile.claude->workspace);
    if (!profile.organization.empty()) request.extra.try_emplace("orgUUID", profile.organization);
    CodeGrant::Pages pages{.browser_url = HEARTH_TRY(request.url()), .manual_url = {}};
    request.redirect_uri = attempt.console.manual_redirect_uri;
    pages.manual_url = HEARTH_TRY(request.url());
    return pages;
}

// Asked for the plan; a server that does not answer here spoils no sign-in.
void take_profile(const Ports& ports, const Attempt& attempt, Session& session,
                  const std::stop_token& stop) {
    if (!session.scopes.contains("user:profile")) return;
    if (!oauth::endpoint("the profile endpoint", attempt.console.account_profile)) return;
    HttpRequest request{
        .url = attempt.console.account_profile,
        .headers = {{"Authorization", "Bearer " + std::string(session.access_token.reveal())},
                    {"anthropic-beta", oauth_beta},
                    {"anthropic-version", api_version}},
        .body = {},
        .timeout = std::chrono::seconds(5)};
    const auto response = ports.http.send(std::move(request), stop);
    if (!response || response->status != 200) return;
    if (const auto reply = json::Document::parse(response->body.reveal())) {
        add_profile_reply(session.account, *reply);
    }
}

Result<Session> exchange_code(const Ports& ports, const Profile& profile, const Attempt& attempt,
                              Result<CodeGrant::Received> received, const std::stop_token& stop) {
    const auto code = HEARTH_TRY(std::move(received));
    auto form = oauth::code_grant(code.code, attempt.pkce.verifier, code.redirect_uri, {});
    // RFC 6749 does not define it here; this server refuses a request without it.
    form.add("state", attempt.state);
    const oauth::Client client{.id = profile.client_id, .secret = {}, .auth = {}};
    oauth::TokenEndpoint tokens(ports.http, ports.clock);
    auto reply =
        HEARTH_TRY(reply_of(tokens.ask(attempt.console.token, client, std::move(form), stop)));

    Session session;
    session.provider = "claude";
    session.client_id = profile.client_id;
    session.client_auth = "none";
    session.token_endpoint = attempt.console.token;
    session.revocation_endpoint = profile.endpoints->revocation;
    session.scopes = attempt.scopes;
    session.signed_in_at = reply.requested_at.wall;
    session.account = account_in_token_reply(reply.document);
    HEARTH_CHECK(check_organization(profile, session.account));
    take_tokens(session, std::move(reply));
    take_profile(ports, attempt, session, stop);
    return session;
}

}  // namespace

Result<> check_organization(const Profile& profile, const Account& account) {
    if (profile.organization.empty() || profile.organization == account.organization_id) return {};
    const auto other =
        account.organization_name.empty() ? account.organization_id : account.organization_name;
    return std::unexpected(Error{Remedy::refused,
                                 "this sign-in is for another organisation than profile '" +
                                     profile.name.text() + "' asks for" +
                                     (other.empty() ? "" : ": " + other),
                                 "choose the organisation " + profile.organization +
                                     " on the page, or change "
                                     "organization in the profile"});
}

Result<Session> sign_in(const Ports& ports, const Profile& profile, Person& person,
                        const std::stop_token& stop) {
    const auto scopes =
        profile.scopes.empty() ? HEARTH_TRY(Scopes::parse(default_scopes)) : profile.scopes;
    const Attempt attempt{
        .console = Console::of(profile),
        .state = oauth::random_text(ports.random, 32),
        .pkce = oauth::Pkce::make(ports.random, 64),
        .scopes = scopes,
    };
    auto grant = HEARTH_TRY(CodeGrant::open(
        ports.callbacks,
        {.redirect_uri = profile.redirect_uri.empty() ? default_redirect : profile.redirect_uri,
         .redirect_port = profile.redirect_port,
         .manual_redirect_uri = attempt.console.manual_redirect_uri,
         .response = {.state = attempt.state, .issuer = {}, .promises_iss = false},
         .limit = profile.sign_in_timeout}));
    const auto pages = HEARTH_TRY(pages_of(profile, attempt, grant.redirect_uri()));
    auto received = grant.ask(person, pages, stop);
    return CodeGrant::finish(std::move(grant),
                             exchange_code(ports, profile, attempt, std::move(received), stop),
                             person);
}

}  // namespace hearth::providers::claude
