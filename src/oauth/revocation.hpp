#pragma once

#include <stop_token>
#include <string>

#include "core/http.hpp"
#include "hearth/error.hpp"
#include "oauth/client.hpp"

namespace hearth::oauth {

// Tells the server that the tokens are not needed any more (RFC 7009): the refresh token, which
// takes the grant's access tokens with it, or the access token where there is no other or the
// server does not revoke refresh tokens. A token that the server does not know is revoked.
// Remedy::unreachable when it may still live.
Result<> revoke(Http& http, const std::string& revocation_endpoint, const Client& client,
                const Secret* refresh_token, const Secret& access_token,
                const std::stop_token& stop);

}  // namespace hearth::oauth
