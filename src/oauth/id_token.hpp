#pragma once

#include <stop_token>
#include <string>

#include "core/http.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "signing/claims.hpp"
#include "signing/jws.hpp"

namespace hearth::oauth {

struct IdTokenExpectation {
    std::string issuer;
    std::string client_id;
    std::string nonce;  // Empty: none was sent.
};

// The checks of OpenID Connect Core section 3.1.3.7 that need no key: issuer, audience, authorized
// party, expiry, issue (each with a minute of leeway) and nonce. Pure.
Result<> check_claims(const signing::Claims& claims, const IdTokenExpectation& expected,
                      Instant now);

// Verifies the signature with the keys at `jwks_uri`, which are fetched once more when none has the
// token's key id, and checks the claims.
Result<signing::Claims> validate_id_token(Http& http, const Secret& id_token,
                                          const std::string& jwks_uri,
                                          const IdTokenExpectation& expected, Instant now,
                                          const std::stop_token& stop);

}  // namespace hearth::oauth
