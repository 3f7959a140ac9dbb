#include <algorithm>

#include "sandbox/account.hpp"
#include "sandbox/aws_endpoints.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/endpoints.hpp"
#include "sandbox/pages.hpp"
#include "sandbox/redirect.hpp"
#include "sandbox/scopes.hpp"

namespace hearth::sandbox {

namespace {

constexpr seconds question_lifetime{600};

Response refused_page(std::string_view why) {
    return page_response(400, message_page("This sign-in cannot go on", why));
}

std::string with_query(const std::string& uri,
                       const std::vector<std::pair<std::string, std::string>>& pairs) {
    return uri + (uri.contains('?') ? '&' : '?') + to_query(pairs);
}

// RFC 9207: the client learns who answers, also when the answer is no. The Claude face does not
// speak it.
std::string issuer_for(const State& state, Face face) {
    return face == Face::standard ? state.settings.origin : std::string();
}

Response answer_with_error(const State& state, const AuthorizationRequest& asked,
                           const OAuthError& error) {
    return redirect_response(
        with_query(asked.redirect_uri, {{"error", error.code},
                                        {"error_description", error.description},
                                        {"state", asked.state},
                                        {"iss", issuer_for(state, asked.permission.face)}}));
}

Response answer_with_code(State& state, const AuthorizationRequest& asked,
                          std::string_view username, Instant now) {
    CodeGrant grant{.permission = asked.permission,
                    .redirect_uri = asked.redirect_uri,
                    .challenge = asked.challenge,
                    .state = asked.state,
                    .expires_at = {},
                    .spent = false,
                    .family = {}};
    grant.permission.user = username;
    grant.permission.signed_in_at = now;
    const std::string code = state.grants.issue_code(std::move(grant), now);
    return redirect_response(
        with_query(asked.redirect_uri, {{"code", code},
                                        {"state", asked.state},
                                        {"iss", issuer_for(state, asked.permission.face)}}));
}

// base64url of 32 bytes without padding (RFC 7636 section 4.2).
bool looks_like_a_challenge(std::string_view text) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return text.size() == 43 && text.find_first_not_of(alphabet) == std::string_view::npos;
}

Outcome<void> check_protocol(const Parameters& parameters) {
    const auto invalid = [](std::string why) {
        return std::unexpected(OAuthError{"invalid_request", std::move(why)});
    };
    if (const auto name = parameters.doubled()) return invalid("'" + *name + "' was sent twice");
    if (!parameters.one("request").empty())
        return std::unexpected(
            OAuthError{"request_not_supported", "request objects are not supported"});
    if (!parameters.one("request_uri").empty())
        return std::unexpected(
            OAuthError{"request_uri_not_supported", "request objects are not supported"});
    const auto type = parameters.one("response_type");
    if (type.empty()) return invalid("response_type is missing");
    if (type != "code")
        return std::unexpected(
            OAuthError{"unsupported_response_type", "only the response type code is supported"});
    const auto mode = parameters.one("response_mode");
    if (!mode.empty() && mode != "query")
        return invalid("only the response mode query is supported");
    // RFC 9700 section 2.1.1: PKCE always, and never its plain form, which is what a missing method
    // means.
    if (parameters.one("code_challenge_method") != "S256")
        return invalid("code_challenge_method must be S256");
    if (!looks_like_a_challenge(parameters.one("code_challenge")))
        return invalid("code_challenge is no S256 challenge");
    return {};
}

Outcome<void> check_prompt(const Parameters& parameters, const Settings& settings) {
    const auto prompts = words_of(parameters.one("prompt"));
    if (!holds(prompts, "none")) return {};
    if (prompts.size() > 1)
        return std::unexpected(OAuthError{"invalid_request", "prompt none goes with nothing else"});
    if (!settings.auto_approve)
        return std::unexpected(OAuthError{"login_required", "a person has to sign in"});
    return {};
}

// The scopes that are asked for, as far as they can be granted. IAM Identity Center knows one, by a
// parameter of another name.
std::vector<std::string> scopes_asked(Face face, const Parameters& parameters) {
    if (face == Face::aws) {
        const std::vector<std::string> portal{std::string(aws_scope)};
        const auto scopes = words_of(parameters.one("scopes"));
        return scopes.empty() || scopes == portal ? portal : std::vector<std::string>();
    }
    const auto scopes = words_of(parameters.one("scope"));
    if (!scopes.empty()) return grantable(scopes);
    return words_of(face == Face::claude ? "user:profile user:inference" : "profile");
}

Outcome<void> fill_permission(AuthorizationRequest& asked, const Parameters& parameters) {
    asked.permission.scopes = scopes_asked(asked.permission.face, parameters);
    if (asked.permission.scopes.empty())
        return std::unexpected(OAuthError{"invalid_scope", "none of the scopes is known here"});
    asked.permission.resources = parameters.all("resource");
    if (!std::ranges::all_of(asked.permission.resources, acceptable_resource))
        return std::unexpected(
            OAuthError{"invalid_target", "a resource is not an absolute URI without a fragment"});
    asked.permission.offline = parameters.one("access_type") == "offline";
    asked.permission.nonce = parameters.one("nonce");
    asked.permission.organization = parameters.one("orgUUID");
    asked.permission.workspace = parameters.one("workspace_id");
    asked.challenge = parameters.one("code_challenge");
    asked.login_hint = parameters.one("login_hint");
    return {};
}

Response ask_person(State& state, AuthorizationRequest asked, Instant now) {
    const Client* client = state.clients.find(asked.permission.client_id);
    const std::string ticket = random_token(24);
    const ConsentPage page{
        .ticket = ticket,
        .client_name = client->name,
        .client_id = client->id,
        .username = asked.login_hint.empty() ? std::string(demo_user) : asked.login_hint,
        .scopes = asked.permission.scopes,
        .resources = asked.permission.resources,
        .user_code = {}};
    state.questions[ticket] = {std::move(asked), now + question_lifetime};
    return page_response(200, consent_page(page));
}

Response authorize(Exchange& exchange, Face face) {
    const bool posted = exchange.request.method == "POST";
    const auto parameters =
        Parameters::parse(posted ? exchange.request.body : exchange.request.query);
    if (!parameters || (posted && !exchange.request.declares("application/x-www-form-urlencoded")))
        return refused_page("The request cannot be read.");
    State& state = exchange.state;
    // RFC 6749 section 4.1.2.1: without a known client and redirect the person is told, and nobody
    // else.
    const Client* client = state.clients.find(parameters->one("client_id"));
    if (client == nullptr || parameters->all("client_id").size() > 1)
        return refused_page("No program is registered under this client_id.");
    AuthorizationRequest asked;
    asked.redirect_uri = parameters->one("redirect_uri");
    if (!client->redirects_to(asked.redirect_uri) || parameters->all("redirect_uri").size() > 1)
        return refused_page("The program is not registered for this redirect_uri.");
    asked.state = parameters->one("state");
    asked.permission.client_id = client->id;
    asked.permission.face = face;

    if (!client->may(grant::code))
        return answer_with_error(state, asked,
                                 {"unauthorized_client", "the client may not use this grant"});
    for (const auto& checked :
         {check_protocol(*parameters), check_prompt(*parameters, state.settings),
          fill_permission(asked, *parameters)}) {
        if (!checked) return answer_with_error(state, asked, checked.error());
    }
    if (!state.settings.auto_approve) return ask_person(state, std::move(asked), exchange.now);
    const std::string username =
        asked.login_hint.empty() ? std::string(demo_user) : asked.login_hint;
    return answer_with_code(state, asked, username, exchange.now);
}

Response decide_device(State& state, const std::string& user_code, std::string_view username,
                       bool allowed, Instant now) {
    DeviceSignIn* sign_in = state.devices.waiting(user_code, now);
    if (sign_in == nullptr) return refused_page("The device's code has expired.");
    sign_in->state = allowed ? DeviceSignIn::State::allowed : DeviceSignIn::State::denied;
    sign_in->permission.user = username;
    sign_in->permission.signed_in_at = now;
    return page_response(
        200, allowed ? message_page("Your device is signed in", "You may close this page.")
                     : message_page("Nothing was allowed", "You may close this page."));
}

}  // namespace

Response authorization_endpoint(Exchange& exchange) { return authorize(exchange, Face::standard); }
Response claude_authorization_endpoint(Exchange& exchange) {
    return authorize(exchange, Face::claude);
}
Response sso_authorization_endpoint(Exchange& exchange) { return authorize(exchange, Face::aws); }

Response consent_endpoint(Exchange& exchange) {
    const auto form = Parameters::parse(exchange.request.body);
    State& state = exchange.state;
    if (!form) return refused_page("The request cannot be read.");
    const auto found = state.questions.find(form->one("ticket"));
    if (found == state.questions.end() || exchange.now >= found->second.expires_at)
        return refused_page("This page is out of date. Begin again in your program.");
    const bool allowed = form->one("decision") == "allow";
    const std::string username = form->one("username");
    if (allowed && (username.empty() || username.size() > 100))
        return refused_page("The user name is missing.");

    const Question question = std::move(found->second);
    state.questions.erase(found);
    if (const auto* user_code = std::get_if<std::string>(&question.about))
        return decide_device(state, *user_code, username, allowed, exchange.now);
    const auto& asked = std::get<AuthorizationRequest>(question.about);
    if (!allowed) return answer_with_error(state, asked, {"access_denied", "the person said no"});
    return answer_with_code(state, asked, username, exchange.now);
}

}  // namespace hearth::sandbox
