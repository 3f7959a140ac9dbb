#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "core/http.hpp"
#include "core/scope.hpp"
#include "hearth/error.hpp"
#include "oauth/client.hpp"

namespace hearth::oauth {

struct Registration {
    std::string endpoint;
    std::vector<std::string> redirect_uris;  // Empty for a device sign-in.
    Scopes scopes;
    bool device = false;
};

// Registers a native, public client (RFC 7591) and answers with what the server made of it. What
// the server gives to manage the registration (RFC 7592) is a secret that nobody needs here, and is
// dropped.
Result<Client> register_client(Http& http, const Registration& registration,
                               const std::stop_token& stop);

}  // namespace hearth::oauth
