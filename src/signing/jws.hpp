// JSON Web Signatures in compact form (RFC 7515).
#pragma once

#include <string>
#include <string_view>

#include "hearth/error.hpp"
#include "signing/key.hpp"

namespace hearth::signing {

// What a compact JWS says, before anybody has verified it.
struct Jws {
    std::string algorithm;
    std::string key_id;  // May be empty.
    std::string payload;
    std::string signature;
    std::string signed_text;  // Header and payload as they were signed.

    // Refuses `alg: none`, algorithms that are not known, and critical extensions (RFC 7515
    // section 4.1.11), of which none is understood here. Errors quote nothing.
    static Result<Jws> parse(std::string_view compact);
};

// Whether the key may verify this algorithm: its kind fits, and its own `alg` and `use` do not say
// otherwise.
bool fits(const Key& key, std::string_view algorithm) noexcept;

// Succeeds only when the key fits and the signature is its own. RS, PS and ES with their digests,
// and HS256.
Result<> verify(const Jws& jws, const Key& key);

// A compact JWS; `header` is the whole JSON header and must name the algorithm.
Result<std::string> sign(std::string_view header, std::string_view payload,
                         std::string_view algorithm, const Key& key);

}  // namespace hearth::signing
