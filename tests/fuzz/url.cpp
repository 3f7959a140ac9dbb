// A URL that trust is decided by, judged beside libcurl, which is what goes there.
#include "core/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "fuzz/target.hpp"

namespace hearth::fuzz {
namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(CURLU* handle, CURLUPart which) {
    char* text = nullptr;
    if (curl_url_get(handle, which, &text, 0) != CURLUE_OK) return {};
    std::string copy(text);
    curl_free(text);
    return copy;
}

std::string lowered(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    return text;
}

bool numeric(std::string_view host) {
    return host.find_first_not_of("0123456789abcdefx.") == std::string_view::npos;
}

void compare(const Url& url, const std::string& text) {
    const Handle handle(curl_url(), &curl_url_cleanup);
    if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS) != CURLUE_OK) {
        return;
    }
    auto host = lowered(part(handle.get(), CURLUPART_HOST));
    std::erase_if(host, [](char c) { return c == '[' || c == ']'; });
    require(part(handle.get(), CURLUPART_SCHEME) == (url.secure() ? "https" : "http"));
    require(part(handle.get(), CURLUPART_USER).empty());
    // libcurl writes addresses its own way: 127.1 as 127.0.0.1.
    const bool address = host.contains(':') || numeric(url.host());
    require(address || host == url.host());
    if (url.loopback()) {
        require(host == "localhost" || host == "::1" || host.starts_with("127."));
        require(!host.starts_with("127.") ||
                host.find_first_not_of("0123456789.") == std::string::npos);
    }
    const auto port = part(handle.get(), CURLUPART_PORT);
    require(port.empty() || port == std::to_string(url.port()));
}

void require_careful(const Url& url, const std::string& text) {
    const Credential credential({.kind = Credential::Kind::bearer,
                                 .token = Secret(planted),
                                 .profile = "work",
                                 .version = {},
                                 .expires_at = {},
                                 .headers = {}});
    const auto headers = credential.headers("GET", text);
    require(headers.has_value() == (url.secure() || url.loopback()));
    if (!headers) require_sound(headers.error());
}

}  // namespace

void try_input(std::string_view input) {
    const auto url = Url::parse(input);
    if (!url) return require_sound(url.error());
    require(sendable(url->target()) && url->target().starts_with('/'));
    const auto again = Url::parse(url->origin() + url->target());
    require(again && again->origin() == url->origin() && again->target() == url->target());
    require(again->loopback() == url->loopback());
    compare(*url, std::string(input));
    require_careful(*url, std::string(input));
}

}  // namespace hearth::fuzz
