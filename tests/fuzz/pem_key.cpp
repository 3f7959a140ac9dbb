// A private key in PEM.
#include "fuzz/target.hpp"
#include "signing/jws.hpp"
#include "signing/key.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    using signing::Key;
    using signing::KeyKind;
    const auto key = Key::from_pem(Secret(input));
    if (!key) {
        require_sound(key.error());
        require(key.error().remedy == Remedy::usage);
        return;
    }
    require(key->is_private() && key->kind() != KeyKind::octets);
    require(key->public_jwk().has_value());
    // RSA takes long, and what is wrong with its numbers the signature shows.
    if (key->kind() == KeyKind::rsa) return;
    const auto* const algorithm = key->kind() == KeyKind::p256 ? "ES256" : "ES384";
    const auto header = R"({"alg":")" + std::string(algorithm) + R"("})";
    const auto signed_text = signing::sign(header, "{}", algorithm, *key);
    require(signed_text.has_value());
    const auto jws = signing::Jws::parse(*signed_text);
    require(jws && signing::verify(*jws, *Key::parse(*key->public_jwk())));
}

}  // namespace hearth::fuzz
