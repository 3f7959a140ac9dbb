#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include "core/try.hpp"
#include "signing/base64.hpp"
#include "signing/key_material.hpp"

namespace hearth::signing {
namespace {

using OwnedBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using OwnedParameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using OwnedContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

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

Result<OwnedKey> built(const char* kind, OSSL_PARAM_BLD* builder, bool is_private) {
    const OwnedParameters parameters(OSSL_PARAM_BLD_to_param(builder));
    const OwnedContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY* key = nullptr;
    const int selection = is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get()) != 1) {
        return std::unexpected(bad_key("its numbers make no key"));
    }
    OwnedKey owned(key);
    const OwnedContext check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!check || EVP_PKEY_public_check(check.get()) != 1) {
        return std::unexpected(bad_key("its numbers make no valid key"));
    }
    return owned;
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

}  // namespace hearth::signing
