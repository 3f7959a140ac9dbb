// IAM Identity Center's OIDC service: it speaks JSON in camel case and calls errors by exceptions;
// what it grants is kept with all other sign-ins.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "sandbox/aws_answers.hpp"
#include "sandbox/aws_endpoints.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/redirect.hpp"
#include "sandbox/scopes.hpp"
#include "sandbox/token_grants.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

AwsOutcome<object> body_of(const Request& request) {
    boost::system::error_code error;
    auto body = boost::json::parse(request.body, error);
    if (error || !body.is_object())
        return aws_error(400, "InvalidRequestException", "the body is not a JSON object");
    return std::move(body.get_object());
}

std::string text_in(const object& from, std::string_view name) {
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string())
                                                  : std::string();
}

std::vector<std::string> list_in(const object& from, std::string_view name) {
    std::vector<std::string> list;
    const auto* value = from.if_contains(name);
    if (value == nullptr || !value->is_array()) return list;
    for (const auto& entry : value->get_array())
        if (entry.is_string()) list.emplace_back(entry.get_string());
    return list;
}

// invalid_grant is told as InvalidGrantException.
AwsError as_exception(const OAuthError& error) {
    std::string name;
    bool capital = true;
    for (const char letter : error.code) {
        if (letter != '_') name += capital ? static_cast<char>(letter - 'a' + 'A') : letter;
        capital = letter == '_';
    }
    return {error.code == "invalid_client" ? 401 : 400, name + "Exception", error.description};
}

bool start_url_is_ours(const State& state, std::string_view url) {
    while (url.ends_with('/') || url.ends_with('#')) url.remove_suffix(1);
    return url == state.settings.origin + "/start";
}

AwsOutcome<const Client*> client_of(Exchange& exchange, const object& body) {
    const auto id = text_in(body, "clientId");
    exchange.record.client = id;
    const auto known = exchange.state.aws.sso_clients.find(id);
    const Client* client = exchange.state.clients.find(id);
    const auto invalid = [](std::string why) {
        return aws_error(401, "InvalidClientException", std::move(why));
    };
    if (known == exchange.state.aws.sso_clients.end() || client == nullptr)
        return invalid("the client is not registered");
    if (!same_text(client->secret, text_in(body, "clientSecret")))
        return invalid("the client's secret is wrong");
    if (exchange.now >= known->second) return invalid("the client's registration has expired");
    return client;
}

// What comes without grants is a program of old, which knows the device flow alone, and stays
// signed in only if it asks for a scope.
AwsOutcome<std::vector<std::string>> grants_in(const object& body) {
    auto grants = list_in(body, "grantTypes");
    if (grants.empty()) {
        grants.emplace_back(grant::device);
        if (!list_in(body, "scopes").empty()) grants.emplace_back(grant::refresh);
    }
    for (const auto& name : grants)
        if (name != grant::code && name != grant::refresh && name != grant::device)
            return aws_error(400, "InvalidClientMetadataException", "a grant type is not known");
    return grants;
}

AwsOutcome<Client> client_in(const State& state, const object& body) {
    Client client;
    client.name = text_in(body, "clientName");
    if (client.name.empty() || text_in(body, "clientType") != "public")
        return aws_error(400, "InvalidClientMetadataException",
                         "clientName, and clientType public, are needed");
    if (!std::ranges::all_of(list_in(body, "scopes"),
                             [](const auto& scope) { return scope == aws_scope; }))
        return aws_error(400, "InvalidScopeException", "a scope is not known here");
    auto grants = grants_in(body);
    if (!grants) return std::unexpected(grants.error());
    client.grants = *std::move(grants);
    client.redirect_uris = list_in(body, "redirectUris");
    if (client.may(grant::code) && client.redirect_uris.empty())
        return aws_error(400, "InvalidRedirectUriException", "the code grant needs a redirect");
    if (!std::ranges::all_of(client.redirect_uris, acceptable_redirect))
        return aws_error(400, "InvalidRedirectUriException", "a redirect is not acceptable");
    const auto issuer = text_in(body, "issuerUrl");
    if (!issuer.empty() && !start_url_is_ours(state, issuer))
        return aws_error(400, "InvalidRequestException", "issuerUrl is not known here");
    return client;
}

AwsOutcome<Response> register_client(Exchange& exchange) {
    const auto body = body_of(exchange.request);
    if (!body) return std::unexpected(body.error());
    auto client = client_in(exchange.state, *body);
    if (!client) return std::unexpected(client.error());
    client->id = "sandbox_sso_" + random_token(16);
    client->secret = "sandbox_sso_secret_" + random_token(32);
    // The other token endpoint does not know it.
    client->methods = {"sso"};
    const auto& kept = exchange.state.clients.add(*std::move(client));
    Aws& aws = exchange.state.aws;
    const auto expires = std::chrono::floor<seconds>(exchange.now + aws.rules.registration);
    aws.sso_clients[kept.id] = expires;
    const std::string origin = exchange.state.settings.origin;
    return json_response(200, {{"clientId", kept.id},
                               {"clientSecret", kept.secret},
                               {"clientIdIssuedAt", to_unix(exchange.now)},
                               {"clientSecretExpiresAt", to_unix(expires)},
                               {"authorizationEndpoint", origin + "/aws/oidc/authorize"},
                               {"tokenEndpoint", origin + "/aws/oidc/token"}});
}

AwsOutcome<Response> begin_device(Exchange& exchange) {
    const auto body = body_of(exchange.request);
    if (!body) return std::unexpected(body.error());
    const auto client = client_of(exchange, *body);
    if (!client) return std::unexpected(client.error());
    if (!(*client)->may(grant::device))
        return aws_error(400, "UnauthorizedClientException", "the client may not use this grant");
    if (!start_url_is_ours(exchange.state, text_in(*body, "startUrl")))
        return aws_error(400, "InvalidRequestException", "startUrl is not known here");
    Permission permission;
    permission.client_id = (*client)->id;
    permission.scopes = {std::string(aws_scope)};
    permission.face = Face::aws;
    Devices& devices = exchange.state.devices;
    const auto& sign_in = devices.begin(std::move(permission), exchange.now);
    const std::string page = exchange.state.settings.origin + "/device";
    return json_response(200,
                         {{"deviceCode", sign_in.device_code},
                          {"userCode", sign_in.user_code},
                          {"verificationUri", page},
                          {"verificationUriComplete", page + "?user_code=" + sign_in.user_code},
                          {"expiresIn", devices.rules().lifetime.count()},
                          {"interval", devices.rules().interval.count()}});
}

Outcome<Tokens> grant_tokens(Exchange& exchange, const Client& client, const object& body) {
    const auto type = exchange.record.grant;
    if (type != grant::code && type != grant::refresh && type != grant::device)
        return std::unexpected(
            OAuthError{"unsupported_grant_type", "this grant type is not known here"});
    if (!client.may(type))
        return std::unexpected(
            OAuthError{"unauthorized_client", "the client may not use this grant"});
    Parameters form;
    form.add("code", text_in(body, "code"));
    form.add("redirect_uri", text_in(body, "redirectUri"));
    form.add("code_verifier", text_in(body, "codeVerifier"));
    form.add("refresh_token", text_in(body, "refreshToken"));
    form.add("scope", joined(list_in(body, "scope")));
    if (type == grant::code) return exchange_code(exchange, client, form);
    if (type == grant::refresh) return renew_tokens(exchange, client, form);
    const auto permission =
        exchange.state.devices.poll(text_in(body, "deviceCode"), client.id, exchange.now);
    if (!permission) return std::unexpected(permission.error());
    const auto renewable =
        client.may(grant::refresh) ? Grants::Renewable::yes : Grants::Renewable::no;
    return exchange.state.grants.begin(*permission, renewable, exchange.now);
}

AwsOutcome<Response> create_token(Exchange& exchange) {
    const auto body = body_of(exchange.request);
    if (!body) return std::unexpected(body.error());
    exchange.record.grant = text_in(*body, "grantType");
    const auto client = client_of(exchange, *body);
    if (!client) return std::unexpected(client.error());
    const auto tokens = grant_tokens(exchange, **client, *body);
    if (!tokens) {
        (void)note_refused(exchange, tokens.error());
        return std::unexpected(as_exception(tokens.error()));
    }
    note_issued(exchange, *tokens);
    object reply{
        {"accessToken", tokens->access_token},
        {"tokenType", "Bearer"},
        {"expiresIn", std::chrono::floor<seconds>(tokens->expires_at - exchange.now).count()}};
    if (!tokens->refresh_token.empty()) reply["refreshToken"] = tokens->refresh_token;
    return json_response(200, reply);
}

Response told(Exchange& exchange, AwsOutcome<Response> answered) {
    return answered ? *std::move(answered) : aws_refusal(exchange, answered.error());
}

}  // namespace

Response sso_register_endpoint(Exchange& exchange) {
    return told(exchange, register_client(exchange));
}
Response sso_device_endpoint(Exchange& exchange) { return told(exchange, begin_device(exchange)); }
Response sso_token_endpoint(Exchange& exchange) {
    auto answer = told(exchange, create_token(exchange));
    if (exchange.record.outcome.empty()) exchange.record.outcome = exchange.aws.outcome;
    return answer;
}

}  // namespace hearth::sandbox
