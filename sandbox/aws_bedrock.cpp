// A model of Anthropic's on Bedrock's runtime: what it says matters little, who may ask it much.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "sandbox/aws_answers.hpp"
#include "sandbox/aws_endpoints.hpp"
#include "sandbox/aws_event_stream.hpp"
#include "sandbox/aws_signature.hpp"
#include "sandbox/encoding.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr std::string_view minted_prefix = "bedrock-api-key-";
constexpr std::string_view minted_host = "bedrock.amazonaws.com";
constexpr std::string_view minted_suffix = "&Version=1";
constexpr std::string_view models_path = "/aws/bedrock/model/";
constexpr std::string_view streaming_suffix = "/invoke-with-response-stream";
constexpr std::string_view plain_suffix = "/invoke";

std::unexpected<AwsError> not_a_key() {
    return aws_error(403, "AccessDeniedException", "The API key is not valid");
}

// A key that a program made for itself: a request that it signed for later, in base64.
AwsOutcome<void> admit_minted(Exchange& exchange, std::string_view key) {
    const auto decoded = from_base64(key.substr(minted_prefix.size()));
    if (!decoded || !decoded->starts_with(std::string(minted_host) + "/?") ||
        !decoded->ends_with(minted_suffix))
        return not_a_key();
    Request presigned;
    presigned.method = "POST";
    presigned.headers = {{"Host", std::string(minted_host)}};
    // The version is added after signing.
    presigned.query = decoded->substr(minted_host.size() + 2);
    presigned.query.resize(presigned.query.size() - minted_suffix.size());
    const auto parameters = Parameters::parse(presigned.query);
    if (!parameters || parameters->one("Action") != "CallWithBearerToken") return not_a_key();
    if (const auto signer = aws_signer(exchange, presigned, "bedrock"); !signer)
        return std::unexpected(signer.error());
    return {};
}

AwsOutcome<void> admit(Exchange& exchange) {
    const Request& request = exchange.request;
    const auto key = request.bearer();
    if (key.empty() || authorized_twice(request)) {
        if (const auto signer = aws_signer(exchange, request, "bedrock"); !signer)
            return std::unexpected(signer.error());
        return {};
    }
    if (key.starts_with(minted_prefix)) return admit_minted(exchange, key);
    if (!same_text(key, exchange.state.aws.bedrock_key)) return not_a_key();
    exchange.aws.principal = "a Bedrock API key";
    return {};
}

std::unexpected<AwsError> malformed(std::string why) {
    return aws_error(400, "ValidationException", "Malformed input request: " + std::move(why));
}

// Bedrock's own, or a version of Anthropic's API, which their SDK for JavaScript sends: a date.
bool known_version(std::string_view version) {
    constexpr std::string_view form = "0000-00-00";
    if (version == "bedrock-2023-05-31") return true;
    return std::ranges::equal(version, form, [](char c, char place) {
        return place == '-' ? c == '-' : c >= '0' && c <= '9';
    });
}

// The question's last words. Bedrock takes the model from the path, and neither `model` nor
// `stream` in the body.
AwsOutcome<std::string> question_in(const Request& request) {
    boost::system::error_code error;
    const auto parsed = boost::json::parse(request.body, error);
    const auto* body = error ? nullptr : parsed.if_object();
    if (body == nullptr) return malformed("the body is not a JSON object");
    const auto* version = body->if_contains("anthropic_version");
    if (version == nullptr || !version->is_string() || !known_version(version->get_string()))
        return malformed("anthropic_version must be bedrock-2023-05-31");
    if (body->contains("model") || body->contains("stream")) return malformed("extraneous key");
    if (!body->contains("max_tokens")) return malformed("max_tokens is required");
    const auto* messages = body->if_contains("messages");
    if (messages == nullptr || !messages->is_array() || messages->get_array().empty())
        return malformed("messages: at least one message is required");
    const auto* last = messages->get_array().back().if_object();
    const auto* content = last == nullptr ? nullptr : last->if_contains("content");
    if (content == nullptr) return malformed("messages: each has a role and a content");
    return content->is_string() ? std::string(content->get_string()) : std::string();
}

object message_of(std::string_view model, boost::json::array content) {
    return {{"id", "msg_bdrk_" + random_token(18)},
            {"type", "message"},
            {"role", "assistant"},
            {"model", model},
            {"content", std::move(content)},
            {"stop_reason", nullptr},
            {"stop_sequence", nullptr},
            {"usage", {{"input_tokens", 1}, {"output_tokens", 1}}}};
}

// Each event of the Messages stream, in base64 in JSON in a frame.
std::string chunk_of(const object& event) {
    const auto payload =
        boost::json::serialize(object{{"bytes", to_base64(boost::json::serialize(event))}});
    return event_frame({{":event-type", "chunk"},
                        {":content-type", "application/json"},
                        {":message-type", "event"}},
                       payload);
}

Response streamed(std::string_view model, const std::vector<std::string>& words) {
    Response response;
    response.with("Content-Type", "application/vnd.amazon.eventstream")
        .with("X-Amzn-Bedrock-Content-Type", "application/json");
    const auto tell = [&](const object& event) { response.pieces.push_back(chunk_of(event)); };
    tell({{"type", "message_start"}, {"message", message_of(model, {})}});
    tell({{"type", "content_block_start"},
          {"index", 0},
          {"content_block", {{"type", "text"}, {"text", ""}}}});
    for (const auto& word : words)
        tell({{"type", "content_block_delta"},
              {"index", 0},
              {"delta", {{"type", "text_delta"}, {"text", word}}}});
    tell({{"type", "content_block_stop"}, {"index", 0}});
    tell({{"type", "message_delta"},
          {"delta", {{"stop_reason", "end_turn"}, {"stop_sequence", nullptr}}},
          {"usage", {{"output_tokens", words.size()}}}});
    tell({{"type", "message_stop"}});
    return response;
}

AwsOutcome<Response> answer(Exchange& exchange) {
    std::string_view path = exchange.request.path;
    const bool streaming = path.ends_with(streaming_suffix);
    if (!streaming && !path.ends_with(plain_suffix))
        return aws_error(404, "UnknownOperationException", "there is no such operation");
    path.remove_prefix(models_path.size());
    path.remove_suffix(std::min(path.size(), (streaming ? streaming_suffix : plain_suffix).size()));
    const auto model = form_decode(path);
    if (!model || model->empty() || model->contains('/'))
        return aws_error(400, "ValidationException", "The provided model identifier is invalid");
    if (const auto admitted = admit(exchange); !admitted) return std::unexpected(admitted.error());
    const auto question = question_in(exchange.request);
    if (!question) return std::unexpected(question.error());
    const std::vector<std::string> words = {"You",          " said: ",      *question, ".",
                                            " The sandbox", " has nothing", " to add."};
    if (streaming) return streamed(*model, words);
    std::string text;
    for (const auto& word : words) text += word;
    auto message = message_of(*model, {object{{"type", "text"}, {"text", text}}});
    message["stop_reason"] = "end_turn";
    return json_response(200, message);
}

}  // namespace

Response bedrock_endpoint(Exchange& exchange) {
    auto answered = answer(exchange);
    return answered ? *std::move(answered) : aws_refusal(exchange, answered.error());
}

}  // namespace hearth::sandbox
