// Google Distributed Cloud's token service, which is another one than Google's own.
#include "sandbox/google_assertion.hpp"
#include "sandbox/google_endpoints.hpp"
#include "sandbox/google_pools.hpp"
#include "sandbox/members.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

// Sic: Google's library sends a token type where RFC 8693 has a grant type.
constexpr std::string_view grant_type = "urn:ietf:params:oauth:token-type:token-exchange";
constexpr std::string_view subject_type = "urn:k8s:params:oauth:token-type:serviceaccount";

GrantOutcome<object> body_of(const Request& request) {
    auto body = request.declares("application/json") ? object_in(request.body) : std::nullopt;
    if (!body) return grant_error("invalid_request", "The body must be a JSON object.");
    if (text_in(*body, "grant_type") != grant_type)
        return grant_error("unsupported_grant_type", "Invalid grant_type.");
    if (text_in(*body, "requested_token_type") != access_token_type ||
        text_in(*body, "subject_token_type") != subject_type)
        return grant_error("invalid_request", "The token types are not known here.");
    if (text_in(*body, "audience").empty())
        return grant_error("invalid_request", "The audience is missing.");
    return *std::move(body);
}

GrantOutcome<object> answer(Exchange& exchange) {
    exchange.google.kind = "gdch";
    const auto body = body_of(exchange.request);
    if (!body) return std::unexpected(body.error());
    Google& google = exchange.state.google;
    const auto assertion = signed_assertion(google, text_in(*body, "subject_token"), exchange.now,
                                            GoogleAccount::Kind::distributed);
    if (!assertion) return std::unexpected(assertion.error());
    const auto& name = assertion->account->email;
    if (text_in(assertion->claims, "sub") != name ||
        text_in(assertion->claims, "aud") !=
            exchange.state.settings.origin + "/google/authenticate")
        return grant_error("invalid_grant", "The subject or the audience is wrong.");
    exchange.google.principal = name;
    const auto expires_at = exchange.now + google.rules.lifetime;
    // It is for one audience alone, so none of Google's own services takes it.
    return object{{"access_token", google.issue({.principal = name,
                                                 .client_id = text_in(*body, "audience"),
                                                 .scopes = {},
                                                 .expires_at = expires_at},
                                                "c.c0")},
                  {"issued_token_type", access_token_type},
                  {"token_type", "Bearer"},
                  {"expires_in", google_expires_in(expires_at, exchange.now)}};
}

}  // namespace

Response google_distributed_endpoint(Exchange& exchange) {
    const auto reply = answer(exchange);
    return reply ? json_response(200, *reply) : grant_refusal(exchange, reply.error());
}

}  // namespace hearth::sandbox
