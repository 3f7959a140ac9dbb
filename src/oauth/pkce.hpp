// Proof Key for Code Exchange (RFC 7636), S256 only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/random.hpp"
#include "hearth/secret.hpp"

namespace hearth::oauth {

struct Pkce {
    Secret verifier;
    std::string challenge;

    // The verifier is `octets` random octets in base64url: 32 make 43 characters, 64 make 86, and
    // fewer than 32 or more than 64 are brought between.
    static Pkce make(Random& random, std::size_t octets = 32);
};

// RFC 7636 section 4.2.
std::string challenge_of(std::string_view verifier);

// `octets` random octets in base64url: for `state` and `nonce`.
std::string random_text(Random& random, std::size_t octets);

}  // namespace hearth::oauth
