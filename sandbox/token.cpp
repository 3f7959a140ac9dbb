#include "sandbox/account.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/endpoints.hpp"
#include "sandbox/form.hpp"
#include "sandbox/token_grants.hpp"

namespace hearth::sandbox {

namespace {

enum class SignIn : std::uint8_t { first, renewed };

void add_claims_of_scopes(boost::json::object& claims, const Permission& permission,
                          const std::vector<std::string>& scopes) {
    const Account account = account_of(permission.user);
    if (holds(scopes, "profile")) {
        claims["name"] = account.name;
        claims["preferred_username"] = account.username;
    }
    if (holds(scopes, "email")) {
        claims["email"] = account.email;
        claims["email_verified"] = true;
    }
}

// OpenID Connect Core section 2; section 12.2 leaves the nonce out of a renewal's.
std::string id_token(State& state, const Client& client, const Tokens& tokens, SignIn sign_in,
                     Instant now) {
    const Permission& permission = state.grants.family(tokens.family)->permission;
    boost::json::object claims{{"iss", state.settings.origin},
                               {"sub", account_of(permission.user).subject},
                               {"aud", client.id},
                               {"iat", to_unix(now)},
                               {"exp", to_unix(now + seconds(600))},
                               {"auth_time", to_unix(permission.signed_in_at)},
                               // Section 3.1.3.6: the left half of the access token's hash.
                               {"at_hash", base64url(sha256(tokens.access_token).substr(0, 16))}};
    if (sign_in == SignIn::first && !permission.nonce.empty()) claims["nonce"] = permission.nonce;
    add_claims_of_scopes(claims, permission, tokens.scopes);
    return state.keys.of(client.id_token_algorithm).sign(claims);
}

Outcome<Tokens> redeem_device_code(Exchange& exchange, const Client& client,
                                   const Parameters& form) {
    const std::string code = form.one("device_code");
    if (code.empty())
        return std::unexpected(OAuthError{"invalid_request", "device_code is missing"});
    const auto permission = exchange.state.devices.poll(code, client.id, exchange.now);
    if (!permission) return std::unexpected(permission.error());
    const bool offline = holds(permission->scopes, "offline_access") && client.may(grant::refresh);
    return exchange.state.grants.begin(
        *permission, offline ? Grants::Renewable::yes : Grants::Renewable::no, exchange.now);
}

Outcome<Tokens> grant_tokens(Exchange& exchange, const Client& client, const Parameters& form) {
    const std::string type = form.one("grant_type");
    if (type.empty())
        return std::unexpected(OAuthError{"invalid_request", "grant_type is missing"});
    if (type != grant::code && type != grant::refresh && type != grant::device)
        return std::unexpected(
            OAuthError{"unsupported_grant_type", "this grant type is not known here"});
    if (!client.may(type))
        return std::unexpected(
            OAuthError{"unauthorized_client", "the client may not use this grant"});
    if (type == grant::code) return exchange_code(exchange, client, form);
    if (type == grant::refresh) return renew_tokens(exchange, client, form);
    return redeem_device_code(exchange, client, form);
}

}  // namespace

Response token_endpoint(Exchange& exchange) {
    const auto form = read_form(exchange.request);
    if (!form) return note_refused(exchange, form.error());
    exchange.record.grant = form->one("grant_type");
    exchange.record.client = form->one("client_id");
    const auto client = exchange.state.clients.authenticate(exchange.request, *form);
    if (!client) return note_refused(exchange, client.error());
    exchange.record.client = (*client)->id;
    const auto tokens = grant_tokens(exchange, **client, *form);
    if (!tokens) return note_refused(exchange, tokens.error());
    note_issued(exchange, *tokens);

    auto reply = token_reply(*tokens, exchange.now);
    if (holds(tokens->scopes, "openid")) {
        const auto sign_in =
            exchange.record.grant == grant::refresh ? SignIn::renewed : SignIn::first;
        reply["id_token"] = id_token(exchange.state, **client, *tokens, sign_in, exchange.now);
    }
    return json_response(200, reply).with("Pragma", "no-cache");
}

}  // namespace hearth::sandbox
