#include "system/curl_http.hpp"

#include <algorithm>

#include "core/arena.hpp"
#include "core/url.hpp"
#include "system/blocked_signals.hpp"
#include "system/curl_exchange.hpp"
#include "system/curl_library.hpp"

namespace hearth::system {
namespace {

bool token_character(char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool digit = c >= '0' && c <= '9';
    return letter || digit || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

// RFC 9110 section 5.6.2.
bool token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, token_character);
}

// RFC 9110 section 5.5: a tab is the only control character that a value may have.
bool field_value(std::string_view text) {
    return std::ranges::none_of(text, [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return (code < 0x20 && c != '\t') || code == 0x7F;
    });
}

Error refusal(Remedy remedy, std::string what, std::string hint = "") {
    return Error{remedy, std::move(what), std::move(hint)};
}

Result<Url> check(const HttpRequest& request) {
    auto url = Url::parse(request.url);
    if (!url) return url;
    if (!url->secure() && !url->loopback() && !url->machine_service()) {
        return std::unexpected(
            refusal(Remedy::refused, "nothing is sent to " + url->origin() + ", which is not https",
                    "plain http is for addresses of this machine"));
    }
    if (!token(request.method)) {
        return std::unexpected(
            refusal(Remedy::usage, "the request to " + url->origin() + " has no valid method"));
    }
    for (const auto& header : request.headers) {
        if (token(header.name) && field_value(header.value)) continue;
        return std::unexpected(refusal(Remedy::usage, "a header of the request to " +
                                                          url->origin() +
                                                          " has a line break or another "
                                                          "character that no header has"));
    }
    return url;
}

}  // namespace

std::expected<HttpResponse, HttpFailure> CurlHttp::send(HttpRequest request, std::stop_token stop) {
    const auto url = check(request);
    if (!url) return std::unexpected(HttpFailure{HttpFailure::Stage::not_sent, url.error()});
    const auto& library = curl_library();
    if (!library)
        return std::unexpected(HttpFailure{HttpFailure::Stage::not_sent, library.error()});
    const NoBrokenPipe quiet;
    auto answer = CurlExchange(*library, *url, request, options_).run(stop);
    // They hold tokens.
    for (auto& header : request.headers) Arena::wipe(header.value.data(), header.value.size());
    return answer;
}

}  // namespace hearth::system
