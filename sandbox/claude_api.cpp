#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "sandbox/account.hpp"
#include "sandbox/claude_message.hpp"
#include "sandbox/claude_words.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/endpoints.hpp"
#include "sandbox/pages.hpp"

namespace hearth::sandbox {

namespace {

constexpr std::array<std::string_view, 2> models = {"sandbox-large", "sandbox-small"};

using Refusal = std::unexpected<Response>;

Refusal refuse(int status, std::string_view type, std::string_view message) {
    return Refusal(claude_error(status, type, message));
}

// The token behind a Bearer header, with one of the scopes; every failure says no more than it
// must.
std::expected<const AccessToken*, Response> token_with(
    const Exchange& exchange, const std::vector<std::string_view>& scopes) {
    const AccessToken* token =
        exchange.state.grants.usable(exchange.request.bearer(), exchange.now);
    if (token == nullptr)
        return refuse(401, "authentication_error", "the bearer token is invalid or has expired");
    for (const auto scope : scopes)
        if (holds(token->scopes, scope)) return token;
    return refuse(403, "permission_error",
                  fmt::format("the token lacks the scope {}", scopes.front()));
}

bool known_key(const State& state, std::string_view shown) {
    bool found = false;
    for (const auto& key : state.api_keys) found = same_text(key, shown) || found;
    return found;
}

// Who may use the API: an API key, or a token together with the beta that lets it in.
std::expected<void, Response> admit(const Exchange& exchange) {
    const Request& request = exchange.request;
    if (request.header("anthropic-version").empty())
        return refuse(400, "invalid_request_error", "anthropic-version: header is required");
    const auto key = request.header("x-api-key");
    if (!key.empty()) {
        if (!known_key(exchange.state, key))
            return refuse(401, "authentication_error", "invalid x-api-key");
        return {};
    }
    if (request.bearer().empty())
        return refuse(401, "authentication_error",
                      "x-api-key or Authorization: header is required");
    if (!has_beta(request, oauth_beta))
        return refuse(401, "authentication_error", "a bearer token needs the OAuth beta header");
    const auto token = token_with(exchange, {"user:inference", "user:developer",
                                             "workspace:developer", "workspace:inference"});
    if (!token) return std::unexpected(token.error());
    return {};
}

std::expected<Prompt, Response> read_prompt(const Request& request) {
    boost::system::error_code error;
    const auto body = boost::json::parse(request.body, error);
    const auto* object = error ? nullptr : body.if_object();
    if (object == nullptr)
        return refuse(400, "invalid_request_error", "the body is not a JSON object");
    const auto* model = object->if_contains("model");
    if (model == nullptr || !model->is_string())
        return refuse(400, "invalid_request_error", "model: field required");
    const auto* limit = object->if_contains("max_tokens");
    if (limit == nullptr || !limit->is_int64() || limit->get_int64() < 1)
        return refuse(400, "invalid_request_error", "max_tokens: a positive number is required");
    const auto* messages = object->if_contains("messages");
    if (messages == nullptr || !messages->is_array() || messages->get_array().empty())
        return refuse(400, "invalid_request_error", "messages: at least one message is required");
    const auto* last = messages->get_array().back().if_object();
    const auto* content = last == nullptr ? nullptr : last->if_contains("content");
    if (content == nullptr || !last->contains("role"))
        return refuse(400, "invalid_request_error", "messages: each has a role and a content");
    const auto* stream = object->if_contains("stream");
    return Prompt{std::string(model->get_string()), text_of(*content),
                  stream != nullptr && stream->is_bool() && stream->get_bool()};
}

}  // namespace

Response claude_manual_page(Exchange& exchange) {
    const auto parameters = Parameters::parse(exchange.request.query).value_or(Parameters());
    const std::string code = parameters.one("code");
    if (code.empty()) {
        const bool denied = parameters.one("error") == "access_denied";
        return page_response(
            denied ? 200 : 400,
            message_page(denied ? "Nothing was allowed" : "There is no code here",
                         "You may close this page, or begin again in your program."));
    }
    return page_response(200, paste_page(code + '#' + parameters.one("state")));
}

Response claude_profile_endpoint(Exchange& exchange) {
    const auto token = token_with(exchange, {"user:profile"});
    if (!token) return token.error();
    const Permission& permission = exchange.state.grants.family((*token)->family)->permission;
    const Account account = account_of(permission.user);
    const Tenant tenant = tenant_of(permission.organization, permission.workspace);
    return with_request_id(json_response(200, {{"account",
                                                {{"uuid", account.uuid},
                                                 {"full_name", account.name},
                                                 {"display_name", account.name},
                                                 {"email", account.email},
                                                 {"has_claude_max", false},
                                                 {"has_claude_pro", true}}},
                                               {"organization",
                                                {{"uuid", tenant.organization},
                                                 {"name", tenant.organization_name},
                                                 {"organization_type", "claude_pro"},
                                                 {"rate_limit_tier", "default_sandbox"}}}}));
}

Response claude_messages_endpoint(Exchange& exchange) {
    if (const auto admitted = admit(exchange); !admitted) return admitted.error();
    const auto prompt = read_prompt(exchange.request);
    if (!prompt) return prompt.error();
    return with_request_id(claude_answer(*prompt, "msg_"));
}

Response claude_models_endpoint(Exchange& exchange) {
    if (const auto admitted = admit(exchange); !admitted) return admitted.error();
    boost::json::array list;
    for (const auto model : models) {
        list.push_back(boost::json::object{{"type", "model"},
                                           {"id", model},
                                           {"display_name", model},
                                           {"created_at", "2026-01-01T00:00:00Z"}});
    }
    return with_request_id(json_response(200, {{"data", std::move(list)},
                                               {"has_more", false},
                                               {"first_id", models.front()},
                                               {"last_id", models.back()}}));
}

}  // namespace hearth::sandbox
