#include "providers/google/token_info.hpp"

#include <utility>
#include <vector>

#include "json/document.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/form.hpp"
#include "oauth/token_reply.hpp"

namespace hearth::providers::google {
namespace {

constexpr const char* own_endpoint = "https://oauth2.googleapis.com/tokeninfo";
constexpr std::size_t longest_word = 256;

}  // namespace

Result<TokenInfo> ask_token_info(Http& http, const std::string& endpoint, const Secret& token,
                                 const std::stop_token& stop) {
    oauth::Form query;
    query.add("access_token", token);
    const auto text = query.body();
    HttpRequest request{
        .url = (endpoint.empty() ? own_endpoint : endpoint) + "?" + std::string(text.reveal()),
        .headers = {{"Accept", "application/json"}},
        .body = {}};
    const auto response = http.send(std::move(request), stop);
    if (!response) return std::unexpected(response.error().error);
    std::vector<Secret> secrets;
    secrets.push_back(token.clone());
    if (response->status == 400 || response->status == 401)
        return std::unexpected(Error{
            Remedy::sign_in,
            "Google does not take the token" + oauth::ErrorReply::read(*response, secrets).shown(),
            "get another one"});
    const auto body = json::Document::parse(response->body.reveal());
    if (response->status != 200 || !body)
        return std::unexpected(
            Error{Remedy::unreachable,
                  "Google's token information answered " + std::to_string(response->status),
                  "try again in a moment"});
    const auto word = [&](std::string_view name) {
        return oauth::quotable(body->text(name), longest_word, secrets);
    };
    return TokenInfo{.email = word("email"),
                     .subject = word("sub"),
                     .audience = word("aud"),
                     .scope = word("scope"),
                     .expires_in = body->seconds("expires_in")};
}

}  // namespace hearth::providers::google
