#include "oauth/authorization_request.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "oauth/form.hpp"

namespace hearth::oauth {
namespace {

constexpr std::array<std::string_view, 9> our_own{
    "response_type", "client_id",      "redirect_uri",          "scope",   "state",
    "nonce",         "code_challenge", "code_challenge_method", "resource"};

void append(std::string& url, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (url.back() != '?' && url.back() != '&') url += url.contains('?') ? '&' : '?';
    url += form_encoded(name) + "=" + form_encoded(value);
}

}  // namespace

Result<std::string> AuthorizationRequest::url() const {
    std::string url = endpoint;
    append(url, "response_type", "code");
    append(url, "client_id", client_id);
    append(url, "redirect_uri", redirect_uri);
    append(url, "scope", scopes.to_string());
    append(url, "state", state);
    append(url, "code_challenge", challenge);
    append(url, "code_challenge_method", "S256");
    append(url, "nonce", nonce);
    for (const auto& resource : resources) append(url, "resource", resource);
    if (scopes.contains("offline_access") && !extra.contains("prompt")) {
        append(url, "prompt", "consent");
    }
    for (const auto& [name, value] : extra) {
        if (std::ranges::find(our_own, name) != our_own.end()) {
            return std::unexpected(
                Error{Remedy::usage,
                      "authorize_parameters sets '" + name + "', which the protocol itself sets",
                      "take it out of authorize_parameters"});
        }
        append(url, name, value);
    }
    return url;
}

}  // namespace hearth::oauth
