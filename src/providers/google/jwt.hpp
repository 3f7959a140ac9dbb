// JSON Web Tokens (RFC 7519) that the key of a service account signs.
#pragma once

#include <chrono>
#include <string>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::google {

// Google's own length, which is the longest that it takes.
inline constexpr std::chrono::seconds jwt_lifetime{3600};

// By RS256, ES256 or ES384, as the key's kind wants it. Errors begin with `place`, which is where
// the key is written.
Result<Secret> signed_jwt(const Secret& private_key, const std::string& key_id,
                          const Secret& claims, const std::string& place);

}  // namespace hearth::providers::google
