#pragma once

#include <stop_token>
#include <string>

#include "core/http.hpp"
#include "core/session.hpp"
#include "hearth/error.hpp"
#include "json/document.hpp"
#include "signing/claims.hpp"

namespace hearth::providers {

// What the userinfo endpoint says to this access token (OpenID Connect Core section 5.3).
// Remedy::sign_in when it refuses the token.
Result<json::Document> ask_userinfo(Http& http, const std::string& endpoint,
                                    const Secret& access_token, const std::stop_token& stop);

// Fills in what the ID token left open. Remedy::refused when it is somebody else's: sub must match
// (section 5.3.2).
Result<> add_userinfo(Account& account, const json::Document& userinfo);

}  // namespace hearth::providers
