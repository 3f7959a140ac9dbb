// A model of Anthropic's on Vertex AI: what it says matters little, who may ask it much.
#include <fmt/format.h>

#include <boost/json/array.hpp>

#include <algorithm>

#include "sandbox/claude_message.hpp"
#include "sandbox/google_answers.hpp"
#include "sandbox/google_endpoints.hpp"
#include "sandbox/members.hpp"

namespace hearth::sandbox {

namespace {

constexpr std::string_view version = "vertex-2023-10-16";
// Vertex's own, or a version of Anthropic's API, which their SDK for JavaScript sends: a date.
bool known_version(std::string_view sent) {
    constexpr std::string_view form = "0000-00-00";
    if (sent == version) return true;
    return std::ranges::equal(sent, form, [](char c, char place) {
        return place == '-' ? c == '-' : c >= '0' && c <= '9';
    });
}
constexpr std::string_view token_counter = "count-tokens";

// /v1/projects/P/locations/L/publishers/anthropic/models/M:METHOD
struct Place {
    std::string project;
    std::string model;
    std::string method;
};
std::optional<Place> place_in(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        parts.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    if (parts.size() != 9 || parts[3] != "locations" || parts[4].empty() ||
        parts[5] != "publishers" || parts[6] != "anthropic" || parts[7] != "models")
        return std::nullopt;
    const auto colon = parts[8].rfind(':');
    if (colon == std::string::npos || colon == 0) return std::nullopt;
    return Place{.project = parts[2],
                 .model = parts[8].substr(0, colon),
                 .method = parts[8].substr(colon + 1)};
}

std::unexpected<GoogleError> malformed(std::string why) {
    return google_error(400, "INVALID_ARGUMENT", std::move(why));
}

GoogleOutcome<void> admit(Exchange& exchange, const Place& place) {
    const auto caller = google_caller(exchange, "aiplatform", {google_cloud_scope});
    if (!caller) return std::unexpected(caller.error());
    if (place.project != google_project && place.project != google_project_number)
        return google_error(
            403, "PERMISSION_DENIED",
            fmt::format("Permission 'aiplatform.endpoints.predict' denied on resource "
                        "'//aiplatform.googleapis.com/projects/{}' (or it may not exist).",
                        place.project),
            "IAM_PERMISSION_DENIED");
    if (exchange.google.quota_project.starts_with("denied-"))
        return google_error(
            403, "PERMISSION_DENIED",
            fmt::format("Caller does not have required permission to use project {}. Grant the "
                        "caller the roles/serviceusage.serviceUsageConsumer role.",
                        exchange.google.quota_project),
            "USER_PROJECT_DENIED");
    return {};
}

// Vertex takes the model from the path alone, but where tokens are counted.
GoogleOutcome<Prompt> prompt_in(const Request& request, const Place& place) {
    const auto body = object_in(request.body);
    if (!body) return malformed("The body is not a JSON object.");
    const bool counts = place.model == token_counter;
    if (!known_version(text_in(*body, "anthropic_version")))
        return malformed(fmt::format("anthropic_version: must be {}", version));
    if (body->contains("model") != counts)
        return malformed(counts ? "model: Field required"
                                : "model: Extra inputs are not permitted");
    if (!counts && number_in(*body, "max_tokens").value_or(0) < 1)
        return malformed("max_tokens: a positive number is required");
    const auto* messages = body->if_contains("messages");
    if (messages == nullptr || !messages->is_array() || messages->get_array().empty())
        return malformed("messages: at least one message is required");
    const auto* last = messages->get_array().back().if_object();
    const auto* content = last == nullptr ? nullptr : last->if_contains("content");
    if (content == nullptr || !last->contains("role"))
        return malformed("messages: each has a role and a content");
    return Prompt{.model = place.model,
                  .text = text_of(*content),
                  .stream = place.method == "streamRawPredict"};
}

GoogleOutcome<Response> answer(Exchange& exchange) {
    const auto place = place_in(exchange.request.path);
    if (!place || (place->method != "rawPredict" && place->method != "streamRawPredict"))
        return google_error(404, "NOT_FOUND", "There is no such method.");
    exchange.google.kind = place->method;
    if (const auto admitted = admit(exchange, *place); !admitted)
        return std::unexpected(admitted.error());
    const auto prompt = prompt_in(exchange.request, *place);
    if (!prompt) return std::unexpected(prompt.error());
    if (place->model == token_counter)
        return json_response(200, {{"input_tokens", (prompt->text.size() / 4) + 1}});
    return claude_answer(*prompt, "msg_vrtx_");
}

}  // namespace

Response vertex_endpoint(Exchange& exchange) {
    auto answered = answer(exchange);
    return answered ? *std::move(answered) : google_refusal(exchange, answered.error());
}

}  // namespace hearth::sandbox
