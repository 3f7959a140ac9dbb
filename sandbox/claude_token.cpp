#include <boost/json/parse.hpp>

#include "sandbox/account.hpp"
#include "sandbox/claude_words.hpp"
#include "sandbox/endpoints.hpp"
#include "sandbox/federation.hpp"
#include "sandbox/form.hpp"
#include "sandbox/token_grants.hpp"

namespace hearth::sandbox {

namespace {

std::unexpected<OAuthError> unreadable(std::string why) {
    return std::unexpected(OAuthError{"oauth_request_parse_error", std::move(why)});
}

// The refresh is JSON and nothing else; a member that is not a text is no parameter.
Outcome<Parameters> read_json(const Request& request) {
    boost::system::error_code error;
    const auto body = boost::json::parse(request.body, error);
    if (error || !body.is_object()) return unreadable("the body is no JSON object");
    Parameters parameters;
    for (const auto& member : body.get_object()) {
        if (!member.value().is_string())
            return unreadable("'" + std::string(member.key()) + "' must be a text");
        parameters.add(member.key(), std::string(member.value().get_string()));
    }
    return parameters;
}

Outcome<Parameters> read_exchange(const Request& request) {
    auto form = read_form(request);
    if (!form) return unreadable(form.error().description);
    if (form->one("grant_type") != grant::code)
        return unreadable("only the code exchange is form-encoded");
    if (form->one("state").empty()) return unreadable("state is missing");
    return form;
}

Outcome<Parameters> read_renewal(const Request& request) {
    auto parameters = read_json(request);
    if (!parameters) return parameters;
    if (parameters->one("grant_type") == grant::code)
        return unreadable("the code exchange must be form-encoded");
    if (parameters->one("grant_type") != grant::refresh)
        return std::unexpected(
            OAuthError{"unsupported_grant_type", "this grant type is not known here"});
    if (has_beta(request, federation_beta))
        return std::unexpected(
            OAuthError{"invalid_request", "the federation beta leads to another service"});
    if (!has_beta(request, oauth_beta))
        return std::unexpected(OAuthError{"invalid_request", "the OAuth beta header is missing"});
    return parameters;
}

Outcome<Tokens> grant_tokens(Exchange& exchange, const Parameters& parameters) {
    const auto client = exchange.state.clients.authenticate(exchange.request, parameters);
    if (!client) return std::unexpected(client.error());
    if (parameters.one("grant_type") == grant::code)
        return exchange_code(exchange, **client, parameters);
    return renew_tokens(exchange, **client, parameters);
}

void add_facts(boost::json::object& reply, const Permission& permission) {
    const Account account = account_of(permission.user);
    const Tenant tenant = tenant_of(permission.organization, permission.workspace);
    reply["organization"] = {{"uuid", tenant.organization}, {"name", tenant.organization_name}};
    reply["account"] = {{"uuid", account.uuid}, {"email_address", account.email}};
    reply["workspace"] = {{"id", tenant.workspace}, {"name", tenant.workspace_name}};
}

}  // namespace

Response claude_token_endpoint(Exchange& exchange) {
    if (asks_for_federation(exchange.request)) return federation_exchange(exchange);
    const bool json = exchange.request.declares("application/json");
    const auto parameters = json ? read_renewal(exchange.request) : read_exchange(exchange.request);
    exchange.record.grant = json ? grant::refresh : grant::code;
    if (!parameters) return with_request_id(note_refused(exchange, parameters.error()));
    exchange.record.client = parameters->one("client_id");
    const auto tokens = grant_tokens(exchange, *parameters);
    if (!tokens) return with_request_id(note_refused(exchange, tokens.error()));
    note_issued(exchange, *tokens);
    auto reply = token_reply(*tokens, exchange.now);
    add_facts(reply, exchange.state.grants.family(tokens->family)->permission);
    return with_request_id(json_response(200, reply));
}

}  // namespace hearth::sandbox
