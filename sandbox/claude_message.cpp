#include "sandbox/claude_message.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

boost::json::object message_of(const Prompt& prompt, std::string_view prefix,
                               boost::json::array content) {
    return {{"id", std::string(prefix) + random_token(18)},
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

Response streamed(const boost::json::object& opening, const std::vector<std::string>& words) {
    Response response;
    response.with("Content-Type", "text/event-stream; charset=utf-8")
        .with("Cache-Control", "no-cache");
    auto& pieces = response.pieces;
    pieces.push_back(event("message_start", {{"message", opening}}));
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

Response claude_answer(const Prompt& prompt, std::string_view prefix) {
    const std::vector<std::string> words = {"You",         " said: ",      prompt.text, ". ",
                                            "The sandbox", " has nothing", " to add."};
    if (prompt.stream) return streamed(message_of(prompt, prefix, {}), words);
    std::string text;
    for (const auto& word : words) text += word;
    auto message =
        message_of(prompt, prefix, {boost::json::object{{"type", "text"}, {"text", text}}});
    message["stop_reason"] = "end_turn";
    message["usage"].as_object()["output_tokens"] = words.size();
    return json_response(200, message);
}

}  // namespace hearth::sandbox
