// The keys that a server publishes (RFC 7517), and signatures that are judged with them.
#include "fuzz/target.hpp"
#include "signing/jws.hpp"

namespace hearth::fuzz {
namespace {

using signing::Key;

constexpr std::size_t most_keys = 4;

void try_key(const json::Document& jwk) {
    const auto key = Key::parse(jwk);
    if (!key) return require_sound(key.error());
    for (const auto* const algorithm : {"RS256", "PS384", "ES256", "ES384", "HS256"}) {
        const signing::Jws jws{.algorithm = algorithm,
                               .key_id = {},
                               .payload = "{}",
                               .signature = std::string(64, '\x7f'),
                               .signed_text = "e30.e30"};
        require(!signing::verify(jws, *key));
    }
    const auto published = key->public_jwk();
    if (!published) return;
    // The public part says all there is to say about a key.
    const auto again = Key::parse(*published);
    require(again && !again->is_private() && again->kind() == key->kind());
    require(again->thumbprint() == key->thumbprint());
}

}  // namespace

void try_input(std::string_view input) {
    const auto set = json::Document::parse(input);
    if (!set) return;
    auto keys = set->objects("keys");
    if (keys.size() > most_keys) keys.resize(most_keys);
    for (const auto& jwk : keys) try_key(jwk);
}

}  // namespace hearth::fuzz
