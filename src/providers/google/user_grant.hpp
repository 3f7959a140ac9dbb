// A person's refresh token against an access token.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "core/http.hpp"
#include "oauth/client.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"
#include "providers/google/token_answer.hpp"

namespace hearth::providers::google {

struct UserGrant {
    std::string url;
    oauth::Client client;
    oauth::Form form;
    std::string_view sign_in;  // The command that signs in anew; may be empty.
    Expected expected = Expected::access_token;
};

// One request: what was sent may be spent by it, so nothing is sent again here.
TokenResult refresh_user(UserGrant grant, const Outside& outside, const std::stop_token& stop);

}  // namespace hearth::providers::google
