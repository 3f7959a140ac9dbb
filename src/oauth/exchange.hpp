#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/http.hpp"
#include "hearth/error.hpp"
#include "json/document.hpp"

namespace hearth::oauth {

// One exchange whose answer is a JSON object, with any other end made an error: Remedy::unreachable
// for no answer, 429 and 5xx, Remedy::failed for the rest. `what` names the place: "the device
// endpoint".
Result<json::Document> exchange(Http& http, HttpRequest request, std::string_view what,
                                const std::vector<Secret>& secrets, const std::stop_token& stop);

// The error for an answer that is not a success: "host: the device endpoint answered 400
// (invalid_client)".
Error not_done(const HttpResponse& response, const std::string& url, std::string_view what,
               const std::vector<Secret>& secrets);

// " [request …]", which the provider's support wants to know; empty where the server sent none.
std::string request_id(const HttpResponse& response, const std::vector<Secret>& secrets);

}  // namespace hearth::oauth
