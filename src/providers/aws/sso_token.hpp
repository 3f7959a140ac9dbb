#pragma once

#include <stop_token>
#include <string>
#include <variant>

#include "core/clock.hpp"
#include "core/http.hpp"
#include "hearth/secret.hpp"
#include "oauth/token_reply.hpp"
#include "providers/aws/sso_oidc.hpp"

namespace hearth::providers::aws {

// What a token is asked for with.
struct SsoCode {
    Secret code;
    std::string redirect_uri;
    Secret verifier;
};
struct SsoDevice {
    Secret device_code;
};
struct SsoRefresh {
    Secret refresh_token;
};
using SsoGrant = std::variant<SsoCode, SsoDevice, SsoRefresh>;

// Asks the token endpoint once. A registration that has ended makes the grant invalid, as it can
// be used by nobody else.
oauth::TokenAnswer ask_sso_token(Http& http, const Clock& clock, const std::string& token_url,
                                 const SsoClient& client, const SsoGrant& grant,
                                 const std::stop_token& stop);

}  // namespace hearth::providers::aws
