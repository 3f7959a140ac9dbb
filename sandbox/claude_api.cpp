#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/account.hpp"
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

struct Prompt {
    std::string model;
    std::string text;  // The last message's.
    bool stream = false;
};

std::string text_of(const boost::json::value& content) {
    if (content.is_string()) return std::string(content.get_string());
    std::string text;
    if (!content.is_array()) return text;
    for (const auto& block : content.get_array()) {
        const auto* object = block.if_object();
        const auto* part = object == nullptr ? nullptr : object->if_contains("text");
        if (part != nullptr && part->is_string()) text += std::string_view(part->get_string());
    }
    return text;
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

boost::json::object message_of(const Prompt& prompt, boost::json::array content) {
    return {{"id", "msg_" + random_token(18)},
            {"type", "message"},
            {"role", "assistant"},
            {"model", prompt.model},
            {"content", std::move(content)},
            {"stop_reason", nullptr},
            {"stop_sequence", nullptr},
            {"usage", {{"input_tokens", (prompt.text.size() / 4) + 1}, {"output_tokens", 1}}}};
}

std::string event(std::string_view type, boost::json::object body) {
    boost::json::object data{{"type", type}};
    for (auto& member : body) data[member.key()] = std::move(member.value());
    return fmt::format("event: {}\ndata: {}\n\n", type, boost::json::serialize(data));
}

Response streamed(const Prompt& prompt, const std::vector<std::string>& words) {
    Response response;
    response.with("Content-Type", "text/event-stream; charset=utf-8")
        .with("Cache-Control", "no-cache");
    auto& pieces = response.pieces;
    pieces.push_back(event("message_start", {{"message", message_of(prompt, {})}}));
    pieces.push_back(event("content_block_start",
                           {{"index", 0}, {"content_block", {{"type", "text"}, {"text", ""}}}}));
    pieces.push_back(event("ping", {}));
    for (const auto& word : words) {
        pieces.push_back(
            event("content_block_delta",
                  {{"index", 0}, {"delta", {{"type", "text_delta"}, {"text", word}}}}));
    }
    pieces.push_back(event("content_block_stop", {{"index", 0}}));
    pieces.push_back(event("message_delta",
                           {{"delta", {{"stop_reason", "end_turn"}, {"stop_sequence", nullptr}}},
                            {"usage", {{"output_tokens", words.size()}}}}));
    pieces.push_back(event("message_stop", {}));
    return response;
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
    const std::vector<std::string> words = {"You",         " said: ",      prompt->text, ". ",
                                            "The sandbox", " has nothing", " to add."};
    if (prompt->stream) return with_request_id(streamed(*prompt, words));
    std::string text;
    for (const auto& word : words) text += word;
    auto message = message_of(*prompt, {boost::json::object{{"type", "text"}, {"text", text}}});
    message["stop_reason"] = "end_turn";
    message["usage"].as_object()["output_tokens"] = words.size();
    return with_request_id(json_response(200, message));
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
