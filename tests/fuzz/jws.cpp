// A compact JWS that nobody has verified (RFC 7515), and what verifying it with a key of each kind
// comes to.
#include <array>

#include "fuzz/target.hpp"
#include "signing/base64.hpp"
#include "signing/claims.hpp"
#include "signing/jws.hpp"

namespace hearth::fuzz {
namespace {

using signing::Key;

const std::array<Key, 3>& keys() {
    static const std::array made{*Key::generate(signing::KeyKind::rsa),
                                 *Key::generate(signing::KeyKind::p256),
                                 *Key::generate(signing::KeyKind::p384)};
    return made;
}

}  // namespace

void try_input(std::string_view input) {
    const auto jws = signing::Jws::parse(input);
    if (!jws) return require_sound(jws.error());
    require(jws->signed_text + "." + signing::base64url(jws->signature) == input);
    require(jws->signed_text.ends_with("." + signing::base64url(jws->payload)));
    require(jws->algorithm != "none");
    // Nobody else has these keys.
    for (const auto& key : keys()) require(!signing::verify(*jws, key));
    (void)signing::Claims::parse(jws->payload);
}

}  // namespace hearth::fuzz
