#include "sandbox/message.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

namespace hearth::sandbox {

namespace {

char lower(char character) noexcept {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                                : character;
}

std::string_view find_header(const std::vector<HeaderLine>& headers,
                             std::string_view name) noexcept {
    for (const auto& header : headers)
        if (same_name(header.name, name)) return header.value;
    return {};
}

}  // namespace

bool same_name(std::string_view left, std::string_view right) noexcept {
    return std::ranges::equal(left, right, {}, lower, lower);
}

std::string_view Request::header(std::string_view name) const noexcept {
    return find_header(headers, name);
}

bool Request::declares(std::string_view media_type) const {
    auto declared = header("Content-Type");
    declared = declared.substr(0, declared.find(';'));
    while (declared.ends_with(' ')) declared.remove_suffix(1);
    return same_name(declared, media_type);
}

std::string_view Request::bearer() const noexcept {
    const auto value = header("Authorization");
    constexpr std::string_view scheme = "Bearer ";
    return same_name(value.substr(0, scheme.size()), scheme) ? value.substr(scheme.size())
                                                             : std::string_view{};
}

std::string_view Response::header(std::string_view name) const noexcept {
    return find_header(headers, name);
}

Response& Response::with(std::string_view name, std::string value) {
    std::erase_if(headers, [&](const HeaderLine& header) { return same_name(header.name, name); });
    headers.push_back({std::string(name), std::move(value)});
    return *this;
}

Response json_response(int status, const boost::json::object& body) {
    Response response{
        .status = status, .headers = {}, .body = boost::json::serialize(body), .pieces = {}};
    response.with("Content-Type", "application/json").with("Cache-Control", "no-store");
    return response;
}

Response error_response(const OAuthError& error) {
    auto response = json_response(
        error.status, {{"error", error.code}, {"error_description", error.description}});
    // RFC 6749 section 5.2: the challenge names the scheme that the client may use.
    if (error.status == 401) response.with("WWW-Authenticate", "Basic realm=\"hearth-sandbox\"");
    return response;
}

Response page_response(int status, std::string html) {
    Response response{.status = status, .headers = {}, .body = std::move(html), .pieces = {}};
    response.with("Content-Type", "text/html; charset=utf-8")
        .with("Cache-Control", "no-store")
        .with("X-Content-Type-Options", "nosniff")
        .with("X-Frame-Options", "DENY")
        .with("Referrer-Policy", "same-origin")
        // No form-action: browsers would apply it to the redirect that carries the code to the
        // client.
        .with("Content-Security-Policy",
              "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri "
              "'none'");
    return response;
}

Response redirect_response(std::string location) {
    auto response = empty_response(303);
    response.with("Location", std::move(location)).with("Referrer-Policy", "no-referrer");
    return response;
}

Response empty_response(int status) {
    Response response{.status = status, .headers = {}, .body = {}, .pieces = {}};
    response.with("Cache-Control", "no-store");
    return response;
}

}  // namespace hearth::sandbox
