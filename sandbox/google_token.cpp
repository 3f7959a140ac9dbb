// Google's token endpoint: a person's refresh token, or a JWT that a service account signed.
#include <algorithm>

#include "sandbox/clients.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/federation.hpp"
#include "sandbox/form.hpp"
#include "sandbox/google_assertion.hpp"
#include "sandbox/google_endpoints.hpp"
#include "sandbox/members.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr std::string_view own_audience = "https://oauth2.googleapis.com/token";

GrantOutcome<void> check_client(const Google& google, const Parameters& form) {
    const auto client = google.clients.find(form.one("client_id"));
    if (client == google.clients.end())
        return grant_error("invalid_client", "The OAuth client was not found.", 401);
    if (!client->second.enabled)
        return grant_error("disabled_client", "The OAuth client was disabled.", 401);
    if (!same_text(client->second.secret, form.one("client_secret")))
        return grant_error("invalid_client", "Unauthorized", 401);
    return {};
}

GrantOutcome<void> check_sign_in(const Google& google, const GoogleSignIn& sign_in,
                                 const Parameters& form) {
    if (!google.exists(sign_in.principal))
        return grant_error("invalid_grant", "Account has been deleted");
    if (sign_in.revoked) return grant_error("invalid_grant", "Token has been expired or revoked.");
    if (!sign_in.reauth.empty() &&
        (form.one("rapt").empty() || !same_text(form.one("rapt"), sign_in.rapt)))
        return std::unexpected(GrantError{
            "invalid_grant", "reauth related error (" + sign_in.reauth + ")", 400, sign_in.reauth});
    return {};
}

object reply_with(Exchange& exchange, GoogleToken token, std::string_view kind) {
    Google& google = exchange.state.google;
    exchange.google.principal = token.principal;
    token.expires_at = exchange.now + google.rules.lifetime;
    object reply{{"expires_in", google_expires_in(token.expires_at, exchange.now)},
                 {"token_type", "Bearer"}};
    reply["access_token"] = google.issue(std::move(token), kind);
    return reply;
}

std::string id_token(Exchange& exchange, const std::string& principal, const std::string& audience,
                     std::string_view client) {
    return exchange.state.keys.of(Algorithm::rs256)
        .sign({{"iss", exchange.state.settings.origin},
               {"azp", client},
               {"aud", audience},
               {"sub", principal},
               {"email", principal},
               {"email_verified", true},
               {"iat", to_unix(exchange.now)},
               {"exp", to_unix(exchange.now + exchange.state.google.rules.lifetime)}});
}

GrantOutcome<object> renew(Exchange& exchange, const Parameters& form) {
    Google& google = exchange.state.google;
    if (const auto known = check_client(google, form); !known)
        return std::unexpected(known.error());
    const GoogleSignIn* sign_in = google.sign_in(form.one("refresh_token"));
    if (sign_in == nullptr || sign_in->kind != GoogleSignIn::Kind::google)
        return grant_error("invalid_grant", "Bad Request");
    exchange.google.principal = sign_in->principal;
    if (sign_in->client_id != form.one("client_id"))
        return grant_error("unauthorized_client", "Unauthorized", 401);
    if (const auto good = check_sign_in(google, *sign_in, form); !good)
        return std::unexpected(good.error());
    auto scopes = words_of(form.one("scope"));
    if (!std::ranges::all_of(scopes, [&](const auto& one) { return holds(sign_in->scopes, one); }))
        return grant_error("invalid_scope", "Bad Request");
    if (scopes.empty()) scopes = sign_in->scopes;
    auto reply = reply_with(exchange,
                            {.principal = sign_in->principal,
                             .client_id = sign_in->client_id,
                             .scopes = scopes,
                             .expires_at = {}},
                            "a0");
    reply["scope"] = joined(scopes);
    if (holds(scopes, "openid"))
        reply["id_token"] =
            id_token(exchange, sign_in->principal, sign_in->client_id, sign_in->client_id);
    return reply;
}

GrantOutcome<object> grant_to_account(Exchange& exchange, const Parameters& form) {
    const auto assertion =
        signed_assertion(exchange.state.google, form.one("assertion"), exchange.now);
    if (!assertion) return std::unexpected(assertion.error());
    const object& claims = assertion->claims;
    const GoogleAccount& account = *assertion->account;
    exchange.google.principal = account.email;
    if (!is_for(claims, std::string(own_audience)) &&
        !is_for(claims, exchange.state.settings.origin + "/google/token"))
        return grant_error("invalid_grant", "Invalid JWT: Failed audience check.");
    const auto subject = text_in(claims, "sub");
    if (!subject.empty() && subject != account.email && !holds(account.subjects, subject))
        return grant_error("unauthorized_client",
                           "Client is unauthorized to retrieve access tokens using this method, or "
                           "client not authorized for any of the scopes requested.",
                           401);
    const auto principal = subject.empty() ? account.email : subject;
    const auto target = text_in(claims, "target_audience");
    const auto scopes = words_of(text_in(claims, "scope"));
    if (target.empty() == scopes.empty() || !google_scopes(scopes))
        return grant_error("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
    if (!target.empty())
        return object{{"id_token", id_token(exchange, principal, target, account.email)}};
    return reply_with(exchange,
                      {.principal = principal,
                       .client_id = account.unique_id,
                       .scopes = scopes,
                       .expires_at = {}},
                      "c.c0");
}

GrantOutcome<object> answer(Exchange& exchange) {
    const auto form = read_form(exchange.request);
    if (!form) return grant_error(form.error().code, form.error().description);
    const auto type = form->one("grant_type");
    exchange.google.kind = type == jwt_bearer ? "jwt_bearer" : type;
    if (type == grant::refresh) return renew(exchange, *form);
    if (type == jwt_bearer) return grant_to_account(exchange, *form);
    exchange.google.kind.clear();
    return grant_error("unsupported_grant_type", "Invalid grant_type: " + type);
}

}  // namespace

Response google_token_endpoint(Exchange& exchange) {
    const auto reply = answer(exchange);
    return reply ? json_response(200, *reply) : grant_refusal(exchange, reply.error());
}

}  // namespace hearth::sandbox
