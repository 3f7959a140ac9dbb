#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/scope.hpp"
#include "hearth/error.hpp"

namespace hearth::oauth {

// What the browser is sent to the authorization endpoint with (RFC 6749 section 4.1.1).
struct AuthorizationRequest {
    std::string endpoint;  // May have a query of its own.
    std::string client_id;
    std::string redirect_uri;
    Scopes scopes;
    std::string state;
    std::string challenge;               // RFC 7636, S256.
    std::string nonce;                   // Empty: none is sent.
    std::vector<std::string> resources;  // RFC 8707.
    std::map<std::string, std::string> extra;

    // Asks for consent when offline_access is among the scopes (OpenID Connect Core section 11),
    // unless `extra` says what to prompt for. Remedy::usage when `extra` names a parameter that the
    // protocol itself sets.
    [[nodiscard]] Result<std::string> url() const;
};

}  // namespace hearth::oauth
