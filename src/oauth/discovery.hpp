#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/http.hpp"
#include "core/profile.hpp"
#include "hearth/error.hpp"

namespace hearth::oauth {

// What an authorization server says about itself (RFC 8414, OpenID Connect Discovery).
struct ServerMetadata {
    std::string issuer;
    Endpoints endpoints;
    std::vector<std::string> scopes_supported;  // Empty: it does not say.
    std::vector<std::string> client_auth_methods;
    bool promises_iss = false;  // RFC 9207: every authorization response names the issuer.
};

// Where the documents of an issuer may be, in the order to try: OpenID's, which is appended to the
// path, then RFC 8414's, which is inserted before it.
std::vector<std::string> metadata_urls(const std::string& issuer);

// Refuses a document of another issuer, endpoints that are not https (or loopback, for an issuer on
// loopback), and a server that lists its PKCE methods without S256.
Result<ServerMetadata> discover(Http& http, const std::string& issuer, const std::stop_token& stop);

}  // namespace hearth::oauth
