#include "oauth/pkce.hpp"

#include <algorithm>
#include <vector>

#include "signing/base64.hpp"
#include "signing/digest.hpp"

namespace hearth::oauth {

std::string challenge_of(std::string_view verifier) {
    return signing::base64url(signing::sha256(verifier));
}

std::string random_text(Random& random, std::size_t octets) {
    std::vector<std::uint8_t> bytes(octets);
    random.fill(std::as_writable_bytes(std::span(bytes)));
    return signing::base64url(bytes);
}

Pkce Pkce::make(Random& random, std::size_t octets) {
    Secret verifier(random_text(random, std::clamp<std::size_t>(octets, 32, 64)));
    auto challenge = challenge_of(verifier.reveal());
    return {.verifier = std::move(verifier), .challenge = std::move(challenge)};
}

}  // namespace hearth::oauth
