// Google's Security Token Service: an identity of somebody else's for an access token (RFC 8693),
// and the renewal of the sign-ins of workforce pools.
#include <fmt/format.h>

#include <algorithm>

#include "sandbox/clients.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/federation.hpp"
#include "sandbox/form.hpp"
#include "sandbox/google_assertion.hpp"
#include "sandbox/google_aws_subject.hpp"
#include "sandbox/google_endpoints.hpp"
#include "sandbox/google_pools.hpp"
#include "sandbox/members.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr std::string_view exchange_grant = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr std::size_t shown_audience = 2;  // What stands before an audience that is a name only.

std::unexpected<GrantError> invalid(std::string why) {
    return grant_error("invalid_request", std::move(why));
}

// Absent where no client is named; one that is must be known.
GrantOutcome<std::string> client_of(Exchange& exchange, const Parameters& form) {
    const auto header = exchange.request.header("Authorization");
    if (header.empty() && form.one("client_id").empty()) return std::string();
    const auto shown =
        header.empty()
            ? std::optional(ShownClient{form.one("client_id"), form.one("client_secret")})
            : basic_client(header);
    const auto unknown = [] {
        return grant_error("invalid_client", "The OAuth client was not found.", 401);
    };
    if (!shown) return unknown();
    const auto& clients = exchange.state.google.clients;
    const auto client = clients.find(shown->id);
    if (client == clients.end() || !same_text(client->second.secret, shown->secret))
        return unknown();
    if (!client->second.enabled)
        return grant_error("disabled_client", "The OAuth client was disabled.", 401);
    return shown->id;
}

bool is_workforce(std::string_view audience) { return audience == workforce_audience; }

// RFC 8693 section 2.1, and what Google wants besides.
GrantOutcome<void> check_form(const Parameters& form) {
    if (form.one("grant_type") != exchange_grant)
        return grant_error("unsupported_grant_type", "Invalid grant_type.");
    for (const auto* name :
         {"audience", "requested_token_type", "subject_token", "subject_token_type", "scope"})
        if (form.one(name).empty()) return invalid(fmt::format("Missing parameter: {}.", name));
    if (form.one("requested_token_type") != access_token_type)
        return invalid("Invalid value for \"requested_token_type\".");
    const auto audience = form.one("audience");
    if (audience != oidc_audience && audience != aws_audience && !is_workforce(audience))
        return grant_error("invalid_target",
                           "The target service indicated by the \"audience\" parameters is "
                           "invalid. This might either be because the pool or provider is "
                           "disabled or deleted or because it doesn't exist.");
    if (!google_scopes(words_of(form.one("scope"))))
        return grant_error("invalid_scope", "Invalid value for \"scope\".");
    return {};
}

// Whom a workforce's use is billed to has to be known: by the client, or by name.
GrantOutcome<void> check_billing(const Parameters& form, const std::string& client) {
    if (!is_workforce(form.one("audience")) || !client.empty()) return {};
    const auto decoded = form_decode(form.one("options"));
    const auto options = decoded ? object_in(*decoded) : std::nullopt;
    if (options && !text_in(*options, "userProject").empty()) return {};
    return invalid("The \"options\" must have a \"userProject\" where no client authenticates.");
}

GrantOutcome<std::string> jwt_subject(Exchange& exchange, const std::string& token,
                                      std::string_view audience) {
    const auto identity = identity_of(exchange.state, token, exchange.now);
    if (!identity && identity.error().expired)
        return grant_error("invalid_grant", "ID Token is stale to sign-in.");
    if (!identity)
        return grant_error("invalid_grant", "The ID Token is invalid: " + identity.error().why);
    const std::string name(audience.substr(shown_audience));
    if (!is_for(identity->claims, "//" + name) && !is_for(identity->claims, "https://" + name))
        return grant_error("invalid_grant",
                           "The audience in ID Token does not match the expected audience.");
    return identity->subject;
}

GrantOutcome<std::string> subject_of(Exchange& exchange, const Parameters& form) {
    const auto audience = form.one("audience");
    const auto type = form.one("subject_token_type");
    const auto token = form.one("subject_token");
    if (audience == aws_audience) {
        if (type != aws_token_type) return invalid("Invalid value for \"subject_token_type\".");
        return aws_subject(exchange, token, audience);
    }
    if (type != jwt_type && type != id_token_type)
        return invalid("Invalid value for \"subject_token_type\".");
    return jwt_subject(exchange, token, audience);
}

object reply_with(Exchange& exchange, GoogleToken token) {
    Google& google = exchange.state.google;
    exchange.google.principal = token.principal;
    token.expires_at = exchange.now + google.rules.lifetime;
    object reply{{"issued_token_type", access_token_type},
                 {"token_type", "Bearer"},
                 {"expires_in", google_expires_in(token.expires_at, exchange.now)}};
    reply["access_token"] = google.issue(std::move(token), "d.c0");
    return reply;
}

GrantOutcome<object> traded(Exchange& exchange) {
    exchange.google.kind = "token_exchange";
    const auto form = read_form(exchange.request);
    if (!form) return invalid(form.error().description);
    if (const auto checked = check_form(*form); !checked) return std::unexpected(checked.error());
    const auto client = client_of(exchange, *form);
    if (!client) return std::unexpected(client.error());
    if (const auto billed = check_billing(*form, *client); !billed)
        return std::unexpected(billed.error());
    const auto subject = subject_of(exchange, *form);
    if (!subject) return std::unexpected(subject.error());
    const auto pool =
        is_workforce(form->one("audience")) ? workforce_principals : workload_principals;
    return reply_with(exchange, {.principal = fmt::format("{}/subject/{}", pool, *subject),
                                 .client_id = *client,
                                 .scopes = words_of(form->one("scope")),
                                 .expires_at = {}});
}

// The refresh token is replaced at each use; a second use of an old one ends the sign-in.
GrantOutcome<object> renewed(Exchange& exchange) {
    const auto form = read_form(exchange.request);
    if (!form) return invalid(form.error().description);
    exchange.google.kind = grant::refresh;
    if (form->one("grant_type") != grant::refresh)
        return grant_error("unsupported_grant_type", "Invalid grant_type.");
    const auto client = client_of(exchange, *form);
    if (!client) return std::unexpected(client.error());
    if (client->empty()) return grant_error("invalid_client", "The client must authenticate.", 401);
    GoogleSignIn* sign_in = exchange.state.google.sign_in(form->one("refresh_token"));
    const auto dead = [] {
        return grant_error("invalid_grant", "The refresh token is invalid or has expired.");
    };
    if (sign_in == nullptr || sign_in->kind != GoogleSignIn::Kind::workforce ||
        sign_in->client_id != *client)
        return dead();
    exchange.google.principal = sign_in->principal;
    if (sign_in->refresh_token != form->one("refresh_token")) sign_in->revoked = true;
    if (sign_in->revoked || !sign_in->reauth.empty()) return dead();
    sign_in->spent.push_back(std::exchange(sign_in->refresh_token, "w1//" + random_token(72)));
    auto reply = reply_with(exchange, {.principal = sign_in->principal,
                                       .client_id = *client,
                                       .scopes = sign_in->scopes,
                                       .expires_at = {}});
    reply["refresh_token"] = sign_in->refresh_token;
    reply["scope"] = joined(sign_in->scopes);
    return reply;
}

Response told(Exchange& exchange, const GrantOutcome<object>& reply) {
    return reply ? json_response(200, *reply) : grant_refusal(exchange, reply.error());
}

}  // namespace

Response google_exchange_endpoint(Exchange& exchange) { return told(exchange, traded(exchange)); }

Response google_workforce_endpoint(Exchange& exchange) { return told(exchange, renewed(exchange)); }

// As text or in JSON, which the `Accept` header decides nothing about: `?format=json` does.
Response google_subject_endpoint(Exchange& exchange) {
    const Request& request = exchange.request;
    if (!same_text(request.header("X-Sandbox-Subject"), exchange.state.google.subject_key))
        return empty_response(401);
    const auto query = Parameters::parse(request.query).value_or(Parameters());
    auto audience = query.one("audience");
    if (audience.empty()) audience = oidc_audience;
    const auto token = exchange.state.keys.of(Algorithm::rs256)
                           .sign({{"iss", exchange.state.settings.origin},
                                  {"sub", "system:serviceaccount:build:runner"},
                                  {"aud", audience},
                                  {"iat", to_unix(exchange.now)},
                                  {"exp", to_unix(exchange.now + seconds(600))}});
    if (query.one("format") == "json") return json_response(200, {{"id_token", token}});
    auto response = empty_response(200);
    response.with("Content-Type", "text/plain").body = token;
    return response;
}

}  // namespace hearth::sandbox
