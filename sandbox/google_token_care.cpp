// What a token of Google's is, told to whoever has it, and its end.
#include "sandbox/account.hpp"
#include "sandbox/form.hpp"
#include "sandbox/google_answers.hpp"
#include "sandbox/google_endpoints.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

// A token of this face or of a sign-in at `/authorize`; the latter is Google's as well.
std::optional<GoogleToken> known_token(const Exchange& exchange, const std::string& token) {
    if (const auto* own = exchange.state.google.usable(token, exchange.now)) return *own;
    const Grants& grants = exchange.state.grants;
    const AccessToken* found = grants.usable(token, exchange.now);
    if (found == nullptr) return std::nullopt;
    const Permission& permission = grants.family(found->family)->permission;
    return GoogleToken{.principal = account_of(permission.user).email,
                       .client_id = permission.client_id,
                       .scopes = found->scopes,
                       .expires_at = found->expires_at};
}

bool says_the_email(const GoogleToken& token) {
    return token.principal.contains('@') &&
           (holds(token.scopes, google_email_scope) || holds(token.scopes, "email") ||
            token.principal.ends_with(".gserviceaccount.com"));
}

}  // namespace

// The numbers are texts, as Google has them.
Response google_tokeninfo_endpoint(Exchange& exchange) {
    const Request& request = exchange.request;
    const auto parameters =
        Parameters::parse(request.method == "POST" ? request.body : request.query)
            .value_or(Parameters());
    const auto token = known_token(exchange, parameters.one("access_token"));
    if (!token)
        return grant_refusal(exchange, {.code = "invalid_token", .description = "Invalid Value"});
    exchange.google.principal = token->principal;
    object told{{"azp", token->client_id},
                {"aud", token->client_id},
                {"scope", joined(token->scopes)},
                {"exp", std::to_string(to_unix(token->expires_at))},
                {"expires_in", std::to_string(google_expires_in(token->expires_at, exchange.now))},
                {"access_type", "offline"}};
    if (holds(token->scopes, "openid") || token->principal.contains('@'))
        told["sub"] = account_of(token->principal).subject;
    if (says_the_email(*token)) {
        told["email"] = token->principal;
        told["email_verified"] = "true";
    }
    return json_response(200, told);
}

// RFC 7662, as the token information of workload and workforce pools.
Response google_introspect_endpoint(Exchange& exchange) {
    const auto form = read_form(exchange.request);
    if (!form) return grant_refusal(exchange, {form.error().code, form.error().description});
    const auto token = known_token(exchange, form->one("token"));
    if (!token) return json_response(200, {{"active", false}});
    exchange.google.principal = token->principal;
    return json_response(200, {{"active", true},
                               {"scope", joined(token->scopes)},
                               {"client_id", token->client_id},
                               {"username", token->principal},
                               {"sub", token->principal},
                               {"token_type", "Bearer"},
                               {"exp", to_unix(token->expires_at)},
                               {"iss", exchange.state.settings.origin}});
}

// An access token takes the sign-in behind it along, and so does a refresh token.
Response google_revoke_endpoint(Exchange& exchange) {
    Google& google = exchange.state.google;
    const Request& request = exchange.request;
    auto token = Parameters::parse(request.body).value_or(Parameters()).one("token");
    if (token.empty()) token = Parameters::parse(request.query).value_or(Parameters()).one("token");
    if (GoogleSignIn* sign_in = google.sign_in(token); sign_in != nullptr && !sign_in->revoked) {
        sign_in->revoked = true;
        exchange.google.principal = sign_in->principal;
        return json_response(200, {});
    }
    const auto found = google.tokens.find(token);
    if (token.empty() || found == google.tokens.end() || found->second.revoked)
        return grant_refusal(exchange,
                             {.code = "invalid_token", .description = "Token expired or revoked"});
    found->second.revoked = true;
    exchange.google.principal = found->second.principal;
    for (auto& sign_in : google.sign_ins)
        if (sign_in.principal == found->second.principal &&
            sign_in.client_id == found->second.client_id)
            sign_in.revoked = true;
    return json_response(200, {});
}

}  // namespace hearth::sandbox
