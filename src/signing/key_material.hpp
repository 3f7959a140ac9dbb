// Inside a key; for this folder's files alone.
#pragma once

#include <array>
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
// The EVP key of the numbers of an RSA private key, in the order of PKCS #1: n, e, d, p, q, d mod
// p-1, d mod q-1, 1/q mod p; and of an EC private key's one.
Result<OwnedKey> rsa_private_key(const std::array<OwnedNumber, 8>& numbers);
Result<OwnedKey> ec_private_key(const OwnedNumber& number, KeyKind kind);

}  // namespace hearth::signing
