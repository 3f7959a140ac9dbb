#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "core/http.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::google {

// What Google says about an access token.
struct TokenInfo {
    std::string email;
    std::string subject;
    std::string audience;  // The client that it was issued to.
    std::string scope;
    std::optional<Span> expires_in;
};

// `endpoint` empty: Google's own. Remedy::sign_in for a token that is not good.
Result<TokenInfo> ask_token_info(Http& http, const std::string& endpoint, const Secret& token,
                                 const std::stop_token& stop);

}  // namespace hearth::providers::google
