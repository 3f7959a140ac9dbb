#include "oauth/exchange.hpp"

#include "oauth/endpoint.hpp"
#include "oauth/token_reply.hpp"

namespace hearth::oauth {
namespace {

std::string place_of(const std::string& url, std::string_view what) {
    const auto parsed = Url::parse(url);
    return (parsed ? parsed->host() + ": " : "") + std::string(what);
}

}  // namespace

Error not_done(const HttpResponse& response, const std::string& url, std::string_view what,
               const std::vector<Secret>& secrets) {
    const bool passing = response.status == 429 || response.status >= 500;
    return {passing ? Remedy::unreachable : Remedy::failed,
            place_of(url, what) + " answered " + std::to_string(response.status) +
                ErrorReply::read(response, secrets).shown(),
            ""};
}

std::string request_id(const HttpResponse& response, const std::vector<Secret>& secrets) {
    const auto id = quotable(response.header("Request-Id"), 80, secrets);
    return id.empty() ? "" : " [request " + id + "]";
}

Result<json::Document> exchange(Http& http, HttpRequest request, std::string_view what,
                                const std::vector<Secret>& secrets, const std::stop_token& stop) {
    const auto url = request.url;
    if (auto allowed = endpoint(what, url); !allowed) return std::unexpected(allowed.error());
    const auto response = http.send(std::move(request), stop);
    if (!response) return std::unexpected(response.error().error);
    if (response->status < 200 || response->status > 299) {
        return std::unexpected(not_done(*response, url, what, secrets));
    }
    auto body = json::Document::parse(response->body.reveal());
    if (body) return body;
    return std::unexpected(Error{
        Remedy::failed, place_of(url, what) + " answered something that is not a JSON object", ""});
}

}  // namespace hearth::oauth
