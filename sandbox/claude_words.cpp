#include "sandbox/claude_words.hpp"

#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

std::string fresh_request_id() { return "req_" + random_token(18); }

}  // namespace

bool has_beta(const Request& request, std::string_view beta) {
    for (const auto& header : request.headers) {
        if (!same_name(header.name, "anthropic-beta")) continue;
        std::string_view list = header.value;
        while (!list.empty()) {
            const auto comma = std::min(list.find(','), list.size());
            auto entry = list.substr(0, comma);
            list.remove_prefix(std::min(comma + 1, list.size()));
            while (entry.starts_with(' ')) entry.remove_prefix(1);
            while (entry.ends_with(' ')) entry.remove_suffix(1);
            if (entry == beta) return true;
        }
    }
    return false;
}

Response with_request_id(Response response) {
    if (response.header("request-id").empty()) response.with("request-id", fresh_request_id());
    return response;
}

Response claude_error(int status, std::string_view type, std::string_view message) {
    const std::string id = fresh_request_id();
    auto response = json_response(
        status,
        {{"type", "error"}, {"error", {{"type", type}, {"message", message}}}, {"request_id", id}});
    response.with("request-id", id);
    return response;
}

}  // namespace hearth::sandbox
