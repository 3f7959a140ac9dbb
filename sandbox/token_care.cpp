#include <boost/json/array.hpp>

#include "sandbox/account.hpp"
#include "sandbox/endpoints.hpp"
#include "sandbox/form.hpp"

namespace hearth::sandbox {

namespace {

struct Asked {
    const Client* client;
    std::string token;
};

Outcome<Asked> read_asked(const Exchange& exchange) {
    const auto form = read_form(exchange.request);
    if (!form) return std::unexpected(form.error());
    const auto client = exchange.state.clients.authenticate(exchange.request, *form);
    if (!client) return std::unexpected(client.error());
    if (form->one("token").empty())
        return std::unexpected(OAuthError{"invalid_request", "token is missing"});
    return Asked{*client, form->one("token")};
}

// RFC 6750 section 3: no error code where no token was shown.
Response challenge(int status, std::string_view attributes) {
    auto response = empty_response(status);
    std::string value = "Bearer realm=\"hearth-sandbox\"";
    if (!attributes.empty()) value += ", " + std::string(attributes);
    response.with("WWW-Authenticate", value);
    return response;
}

boost::json::array audience(const State& state, const std::vector<std::string>& resources) {
    if (resources.empty()) return {state.settings.origin};
    return boost::json::array(resources.begin(), resources.end());
}

boost::json::object described(const State& state, const Family& family,
                              const std::vector<std::string>& scopes) {
    return {{"active", true},
            {"client_id", family.permission.client_id},
            {"username", family.permission.user},
            {"sub", account_of(family.permission.user).subject},
            {"iss", state.settings.origin},
            {"scope", joined(scopes)}};
}

}  // namespace

Response revocation_endpoint(Exchange& exchange) {
    const auto asked = read_asked(exchange);
    if (!asked) return error_response(asked.error());
    Grants& grants = exchange.state.grants;
    const RefreshToken* refresh = grants.refresh(asked->token);
    const AccessToken* access = grants.access(asked->token);
    // RFC 7009 section 2.2: an unknown token needs no revocation any more.
    if (refresh == nullptr && access == nullptr) return empty_response(200);
    const std::string family = refresh != nullptr ? refresh->family : access->family;
    if (grants.family(family)->permission.client_id != asked->client->id)
        return error_response({"unauthorized_client", "the token was issued to another client"});
    if (refresh != nullptr)
        grants.revoke_family(family, "revoked by its client");
    else
        grants.revoke_access(asked->token);
    return empty_response(200);
}

Response introspection_endpoint(Exchange& exchange) {
    const auto asked = read_asked(exchange);
    if (!asked) return error_response(asked.error());
    const State& state = exchange.state;
    const AccessToken* access = state.grants.usable(asked->token, exchange.now);
    const RefreshToken* refresh = state.grants.refresh(asked->token);
    if (refresh != nullptr && !state.grants.current(*refresh, exchange.now)) refresh = nullptr;
    const boost::json::object inactive{{"active", false}};
    if (access == nullptr && refresh == nullptr) return json_response(200, inactive);
    const Family& family =
        *state.grants.family(access != nullptr ? access->family : refresh->family);
    // RFC 7662 section 4: a client that proves nothing must not go fishing in other clients'
    // tokens.
    if (!asked->client->confidential() && family.permission.client_id != asked->client->id)
        return json_response(200, inactive);
    auto reply =
        described(state, family, access != nullptr ? access->scopes : family.permission.scopes);
    if (access != nullptr) {
        reply["token_type"] = "Bearer";
        reply["iat"] = to_unix(access->issued_at);
        reply["exp"] = to_unix(access->expires_at);
        reply["aud"] = audience(state, access->resources);
    } else {
        reply["exp"] = to_unix(family.refresh_expires_at);
    }
    return json_response(200, reply);
}

Response userinfo_endpoint(Exchange& exchange) {
    const auto shown = exchange.request.bearer();
    if (shown.empty()) return challenge(401, "");
    const AccessToken* token = exchange.state.grants.usable(shown, exchange.now);
    if (token == nullptr) return challenge(401, R"(error="invalid_token")");
    if (!holds(token->scopes, "openid"))
        return challenge(403, R"(error="insufficient_scope", scope="openid")");
    const Account account =
        account_of(exchange.state.grants.family(token->family)->permission.user);
    boost::json::object claims{{"sub", account.subject}};
    if (holds(token->scopes, "profile")) {
        claims["name"] = account.name;
        claims["preferred_username"] = account.username;
    }
    if (holds(token->scopes, "email")) {
        claims["email"] = account.email;
        claims["email_verified"] = true;
    }
    return json_response(200, claims);
}

}  // namespace hearth::sandbox
