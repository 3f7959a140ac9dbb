// Inside a key; for this folder's files alone.
#pragma once

#include <optional>
#include <string>

#include "hearth/secret.hpp"
#include "signing/key.hpp"
#include "signing/openssl.hpp"

namespace hearth::signing {

struct Key::Material {
    KeyKind kind = KeyKind::rsa;
    bool is_private = false;
    std::string id;
    std::string algorithm;
    std::string use;
    OwnedKey key;   // Null for octets.
    Secret octets;  // HMAC only.
};

// The EVP key of an RSA or EC JWK.
Result<OwnedKey> rsa_key(const json::Document& jwk);
Result<OwnedKey> ec_key(const json::Document& jwk, KeyKind kind);

}  // namespace hearth::signing
