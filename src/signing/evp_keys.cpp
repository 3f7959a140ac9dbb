#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include <array>

#include "core/try.hpp"
#include "signing/base64.hpp"
#include "signing/key_material.hpp"

namespace hearth::signing {
namespace {

using OwnedBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using OwnedParameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using OwnedContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using OwnedGroup = Owned<EC_GROUP, EC_GROUP_free>;
using OwnedPoint = Owned<EC_POINT, EC_POINT_clear_free>;
using OwnedScratch = Owned<BN_CTX, BN_CTX_free>;

Error bad_key(std::string_view why) {
    return Error{Remedy::failed, "a JSON Web Key cannot be used: " + std::string(why), ""};
}

const unsigned char* octets_of(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Result<OwnedNumber> number(const json::Document& jwk, std::string_view name) {
    const auto octets = HEARTH_TRY(from_base64url(jwk.text(name)));
    // 16384 bits: OpenSSL's own limit; larger numbers only cost time.
    if (octets.empty() || octets.size() > 2048) {
        return std::unexpected(bad_key("'" + std::string(name) + "' is missing or too long"));
    }
    return OwnedNumber(BN_bin2bn(octets_of(octets), static_cast<int>(octets.size()), nullptr));
}

// Null when its numbers make no key.
OwnedKey made_of(const char* kind, OSSL_PARAM_BLD* builder, int selection) {
    const OwnedParameters parameters(OSSL_PARAM_BLD_to_param(builder));
    const OwnedContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) != 1)
        return {};
    return OwnedKey(key);
}

Result<OwnedKey> built(const char* kind, OSSL_PARAM_BLD* builder, bool is_private) {
    auto key = made_of(kind, builder, is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY);
    if (!key) return std::unexpected(bad_key("its numbers make no key"));
    const OwnedContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    if (!check || EVP_PKEY_public_check(check.get()) != 1) {
        return std::unexpected(bad_key("its numbers make no valid key"));
    }
    return key;
}

Error bad_private_key(std::string_view why) {
    return Error{Remedy::usage, "the private key " + std::string(why), "get it anew"};
}

// SEC 1 section 3.2.1: the public point of a number between 0 and the curve's order; empty for any
// other number.
std::string public_point(const BIGNUM* number, int curve) {
    const OwnedGroup group(EC_GROUP_new_by_curve_name(curve));
    const OwnedScratch scratch(BN_CTX_secure_new());
    if (!group || !scratch || BN_is_zero(number) == 1 ||
        BN_cmp(number, EC_GROUP_get0_order(group.get())) >= 0)
        return {};
    const OwnedPoint point(EC_POINT_new(group.get()));
    std::array<unsigned char, 97> octets{};
    if (!point ||
        EC_POINT_mul(group.get(), point.get(), number, nullptr, nullptr, scratch.get()) != 1)
        return {};
    const auto size = EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED,
                                         octets.data(), octets.size(), scratch.get());
    return {reinterpret_cast<const char*>(octets.data()), size};
}

bool product_of(const BIGNUM* whole, const BIGNUM* left, const BIGNUM* right) {
    const OwnedNumber product(BN_new());
    const OwnedScratch scratch(BN_CTX_secure_new());
    return product && scratch && BN_mul(product.get(), left, right, scratch.get()) == 1 &&
           BN_cmp(product.get(), whole) == 0;
}

// The uncompressed form of SEC 1 section 2.3.3.
Result<std::string> point(const json::Document& jwk, std::size_t size) {
    const auto x = HEARTH_TRY(from_base64url(jwk.text("x")));
    const auto y = HEARTH_TRY(from_base64url(jwk.text("y")));
    if (x.size() != size || y.size() != size) {
        return std::unexpected(bad_key("a coordinate is not of the curve's size"));
    }
    return '\x04' + x + y;
}

}  // namespace

Result<OwnedKey> rsa_key(const json::Document& jwk) {
    const auto n = HEARTH_TRY(number(jwk, "n"));
    const auto e = HEARTH_TRY(number(jwk, "e"));
    if (BN_num_bits(n.get()) < 2048) return std::unexpected(bad_key("RSA below 2048 bits"));
    const OwnedBuilder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    OwnedNumber d;
    if (jwk.has("d")) {
        d = HEARTH_TRY(number(jwk, "d"));
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_D, d.get());
    }
    return built("RSA", builder.get(), d != nullptr);
}

Result<OwnedKey> ec_key(const json::Document& jwk, KeyKind kind) {
    const bool small = kind == KeyKind::p256;
    const auto pub = HEARTH_TRY(point(jwk, small ? 32 : 48));
    const OwnedBuilder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                    small ? "P-256" : "P-384", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, pub.data(),
                                     pub.size());
    OwnedNumber d;
    if (jwk.has("d")) {
        d = HEARTH_TRY(number(jwk, "d"));
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get());
    }
    return built("EC", builder.get(), d != nullptr);
}

Result<OwnedKey> rsa_private_key(const std::array<OwnedNumber, 8>& numbers) {
    constexpr std::array names{OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
                               OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                               OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                               OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
    const auto& [n, e, d, p, q, dp, dq, qi] = numbers;
    if (BN_num_bits(n.get()) < 2048) {
        auto error = bad_private_key("is RSA below 2048 bits");
        error.hint = "make a longer one";
        return std::unexpected(std::move(error));
    }
    // What else may be wrong shows when the signature is refused; a full check looks for primes and
    // takes longer than many signatures.
    if (!product_of(n.get(), p.get(), q.get()) || BN_is_odd(e.get()) == 0)
        return std::unexpected(bad_private_key("has numbers that do not belong together"));
    const OwnedBuilder builder(OSSL_PARAM_BLD_new());
    for (std::size_t i = 0; i < numbers.size(); ++i)
        OSSL_PARAM_BLD_push_BN(builder.get(), names.at(i), numbers.at(i).get());
    auto key = made_of("RSA", builder.get(), EVP_PKEY_KEYPAIR);
    if (!key) return std::unexpected(bad_private_key("has numbers that make no key"));
    return key;
}

Result<OwnedKey> ec_private_key(const OwnedNumber& number, KeyKind kind) {
    const bool small = kind == KeyKind::p256;
    const auto point = public_point(number.get(), small ? NID_X9_62_prime256v1 : NID_secp384r1);
    const OwnedBuilder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                    small ? "P-256" : "P-384", 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                     point.size());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, number.get());
    auto key = point.empty() ? OwnedKey() : made_of("EC", builder.get(), EVP_PKEY_KEYPAIR);
    if (!key) return std::unexpected(bad_private_key("has a number that its curve has not"));
    return key;
}

}  // namespace hearth::signing
