#include "signing/key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <vector>

#include "core/try.hpp"
#include "signing/base64.hpp"
#include "signing/digest.hpp"
#include "signing/key_material.hpp"

namespace hearth::signing {
namespace {

Error bad_key(std::string_view why) {
    return Error{Remedy::failed, "a JSON Web Key cannot be used: " + std::string(why), ""};
}

Result<KeyKind> kind_of(const json::Document& jwk) {
    const auto type = jwk.text("kty");
    const auto curve = jwk.text("crv");
    if (type == "RSA") return KeyKind::rsa;
    if (type == "EC" && curve == "P-256") return KeyKind::p256;
    if (type == "EC" && curve == "P-384") return KeyKind::p384;
    if (type == "oct") return KeyKind::octets;
    return std::unexpected(bad_key("a kind that is not known here"));
}

// A number of the key, base64url; left-padded with zeros to `size` when that is not 0.
Result<std::string> number_of(EVP_PKEY* key, const char* name, int size) {
    BIGNUM* raw = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) {
        return std::unexpected(bad_key("a number is missing"));
    }
    const OwnedNumber number(raw);
    std::string octets(static_cast<std::size_t>(size == 0 ? BN_num_bytes(raw) : size), '\0');
    const auto length = static_cast<int>(octets.size());
    if (BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(octets.data()), length) != length) {
        return std::unexpected(bad_key("a number is too long"));
    }
    return base64url(octets);
}

}  // namespace

Result<Key> Key::parse(std::string_view jwk) {
    return parse(HEARTH_TRY(json::Document::parse(jwk)));
}

Result<Key> Key::parse(const json::Document& jwk) {
    auto material = std::make_shared<Material>();
    material->kind = HEARTH_TRY(kind_of(jwk));
    material->id = jwk.text("kid");
    material->algorithm = jwk.text("alg");
    material->use = jwk.text("use");
    material->is_private = jwk.has("d") || material->kind == KeyKind::octets;
    switch (material->kind) {
        case KeyKind::rsa:
            material->key = HEARTH_TRY(rsa_key(jwk));
            break;
        case KeyKind::p256:
        case KeyKind::p384:
            material->key = HEARTH_TRY(ec_key(jwk, material->kind));
            break;
        case KeyKind::octets:
            material->octets = Secret(HEARTH_TRY(from_base64url(jwk.text("k"))));
            break;
    }
    return Key(std::move(material));
}

Result<Key> Key::generate(KeyKind kind) {
    auto material = std::make_shared<Material>();
    material->kind = kind;
    material->is_private = true;
    switch (kind) {
        case KeyKind::rsa:
            material->key.reset(EVP_RSA_gen(2048));
            break;
        case KeyKind::p256:
            material->key.reset(EVP_EC_gen("P-256"));
            break;
        case KeyKind::p384:
            material->key.reset(EVP_EC_gen("P-384"));
            break;
        case KeyKind::octets:
            break;
    }
    if (!material->key) return std::unexpected(bad_key("no such key can be made"));
    return Key(std::move(material));
}

KeyKind Key::kind() const noexcept { return material_->kind; }
bool Key::is_private() const noexcept { return material_->is_private; }
const std::string& Key::id() const noexcept { return material_->id; }
const std::string& Key::algorithm() const noexcept { return material_->algorithm; }
const std::string& Key::use() const noexcept { return material_->use; }

Result<std::string> Key::public_jwk() const {
    auto* const key = material_->key.get();
    if (key == nullptr) return std::unexpected(bad_key("HMAC octets have no public part"));
    // RFC 7638 section 3.2: the members that matter, in lexicographic order, without white space.
    if (kind() == KeyKind::rsa) {
        const auto e = HEARTH_TRY(number_of(key, OSSL_PKEY_PARAM_RSA_E, 0));
        const auto n = HEARTH_TRY(number_of(key, OSSL_PKEY_PARAM_RSA_N, 0));
        return R"({"e":")" + e + R"(","kty":"RSA","n":")" + n + R"("})";
    }
    const bool small = kind() == KeyKind::p256;
    const auto x = HEARTH_TRY(number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, small ? 32 : 48));
    const auto y = HEARTH_TRY(number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, small ? 32 : 48));
    return std::string(R"({"crv":")") + (small ? "P-256" : "P-384") + R"(","kty":"EC","x":")" + x +
           R"(","y":")" + y + R"("})";
}

Result<std::string> Key::thumbprint() const { return base64url(sha256(HEARTH_TRY(public_jwk()))); }

}  // namespace hearth::signing
