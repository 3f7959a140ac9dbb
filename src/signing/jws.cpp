#include "signing/jws.hpp"

#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/try.hpp"
#include "signing/base64.hpp"
#include "signing/digest.hpp"
#include "signing/key_material.hpp"

namespace hearth::signing {
namespace {

using OwnedDigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using OwnedSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

enum class Scheme : std::uint8_t { pkcs1, pss, ecdsa, hmac };

struct Algorithm {
    std::string_view name;
    Scheme scheme;
    const char* digest;
    KeyKind kind;
    std::size_t coordinate;  // Octets of r and of s; 0 but for ECDSA.
};

// "none" is not among them on purpose.
constexpr std::array algorithms{
    Algorithm{"RS256", Scheme::pkcs1, "SHA256", KeyKind::rsa, 0},
    Algorithm{"RS384", Scheme::pkcs1, "SHA384", KeyKind::rsa, 0},
    Algorithm{"RS512", Scheme::pkcs1, "SHA512", KeyKind::rsa, 0},
    Algorithm{"PS256", Scheme::pss, "SHA256", KeyKind::rsa, 0},
    Algorithm{"PS384", Scheme::pss, "SHA384", KeyKind::rsa, 0},
    Algorithm{"PS512", Scheme::pss, "SHA512", KeyKind::rsa, 0},
    Algorithm{"ES256", Scheme::ecdsa, "SHA256", KeyKind::p256, 32},
    Algorithm{"ES384", Scheme::ecdsa, "SHA384", KeyKind::p384, 48},
    Algorithm{"HS256", Scheme::hmac, "SHA256", KeyKind::octets, 0},
};

const Algorithm* algorithm_named(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(algorithms, name, &Algorithm::name);
    return found == algorithms.end() ? nullptr : found;
}

Error refused(std::string_view why) {
    return Error{Remedy::refused, "a signed token is refused: " + std::string(why), ""};
}

const unsigned char* octets_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* octets_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

bool with_padding(EVP_PKEY_CTX* context, const Algorithm& algorithm) {
    if (algorithm.scheme != Scheme::pss) return true;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

// RFC 7518 section 3.4: r and s side by side, where OpenSSL wants ASN.1.
std::string der_of(std::string_view raw, std::size_t coordinate) {
    if (raw.size() != coordinate * 2) return {};
    const auto size = static_cast<int>(coordinate);
    const OwnedSignature pair(ECDSA_SIG_new());
    BIGNUM* const r = BN_bin2bn(octets_of(raw), size, nullptr);
    BIGNUM* const s = BN_bin2bn(octets_of(raw.substr(coordinate)), size, nullptr);
    if (ECDSA_SIG_set0(pair.get(), r, s) != 1) return {};
    unsigned char* start = nullptr;
    const int length = i2d_ECDSA_SIG(pair.get(), &start);
    if (length <= 0) return {};
    std::string der(reinterpret_cast<const char*>(start), static_cast<std::size_t>(length));
    OPENSSL_free(start);
    return der;
}

std::string raw_of(std::string_view der, std::size_t coordinate) {
    const auto* start = octets_of(der);
    const OwnedSignature pair(d2i_ECDSA_SIG(nullptr, &start, static_cast<long>(der.size())));
    if (!pair) return {};
    std::string raw(coordinate * 2, '\0');
    const auto size = static_cast<int>(coordinate);
    if (BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), octets_of(raw), size) != size) return {};
    if (BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), octets_of(raw) + coordinate, size) != size) {
        return {};
    }
    return raw;
}

bool verified(const Jws& jws, const Algorithm& algorithm, EVP_PKEY* key) {
    const auto signature = algorithm.scheme == Scheme::ecdsa
                               ? der_of(jws.signature, algorithm.coordinate)
                               : jws.signature;
    if (signature.empty()) return false;
    const OwnedDigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* padding = nullptr;
    return EVP_DigestVerifyInit(context.get(), &padding, fetched_digest(algorithm.digest), nullptr,
                                key) == 1 &&
           with_padding(padding, algorithm) &&
           EVP_DigestVerify(context.get(), octets_of(std::string_view(signature)), signature.size(),
                            octets_of(std::string_view(jws.signed_text)),
                            jws.signed_text.size()) == 1;
}

bool verified_by_hmac(const Jws& jws, const Secret& octets) {
    const auto expected = hmac_sha256(octets.reveal(), jws.signed_text);
    return jws.signature.size() == expected.size() &&
           CRYPTO_memcmp(jws.signature.data(), expected.data(), expected.size()) == 0;
}

std::string signature_of(std::string_view text, const Algorithm& algorithm, EVP_PKEY* key) {
    const OwnedDigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* padding = nullptr;
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), &padding, fetched_digest(algorithm.digest), nullptr,
                           key) != 1 ||
        !with_padding(padding, algorithm) ||
        EVP_DigestSign(context.get(), nullptr, &size, octets_of(text), text.size()) != 1) {
        return {};
    }
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), octets_of(signature), &size, octets_of(text), text.size()) !=
        1) {
        return {};
    }
    signature.resize(size);
    return algorithm.scheme == Scheme::ecdsa ? raw_of(signature, algorithm.coordinate) : signature;
}

}  // namespace

Result<Jws> Jws::parse(std::string_view compact) {
    const auto first = compact.find('.');
    const auto second = first == std::string_view::npos ? first : compact.find('.', first + 1);
    if (second == std::string_view::npos ||
        compact.find('.', second + 1) != std::string_view::npos) {
        return std::unexpected(refused("it is not three parts with dots between them"));
    }
    const auto header_text = HEARTH_TRY(from_base64url(compact.substr(0, first)));
    const auto header = HEARTH_TRY(json::Document::parse(header_text));
    Jws jws;
    jws.algorithm = header.text("alg");
    jws.key_id = header.text("kid");
    if (algorithm_named(jws.algorithm) == nullptr) {
        return std::unexpected(refused("its algorithm is none or not known"));
    }
    if (header.has("crit")) return std::unexpected(refused("it has a critical extension"));
    jws.payload = HEARTH_TRY(from_base64url(compact.substr(first + 1, second - first - 1)));
    jws.signature = HEARTH_TRY(from_base64url(compact.substr(second + 1)));
    jws.signed_text = compact.substr(0, second);
    return jws;
}

bool fits(const Key& key, std::string_view algorithm) noexcept {
    const auto* const wanted = algorithm_named(algorithm);
    return wanted != nullptr && wanted->kind == key.kind() &&
           (key.algorithm().empty() || key.algorithm() == algorithm) &&
           (key.use().empty() || key.use() == "sig");
}

Result<> verify(const Jws& jws, const Key& key) {
    if (!fits(key, jws.algorithm)) {
        return std::unexpected(refused("the key is not for its algorithm"));
    }
    const auto& algorithm = *algorithm_named(jws.algorithm);
    const auto& material = key.material();
    const bool good = algorithm.scheme == Scheme::hmac
                          ? verified_by_hmac(jws, material.octets)
                          : verified(jws, algorithm, material.key.get());
    if (!good) return std::unexpected(refused("its signature is not the key's"));
    return {};
}

Result<std::string> sign(std::string_view header, std::string_view payload,
                         std::string_view algorithm_name, const Key& key) {
    const auto* const algorithm = algorithm_named(algorithm_name);
    if (algorithm == nullptr || !fits(key, algorithm_name) || !key.is_private()) {
        return std::unexpected(refused("the key cannot sign with that algorithm"));
    }
    auto text = base64url(header) + "." + base64url(payload);
    if (algorithm->scheme == Scheme::hmac) {
        return text + "." + base64url(hmac_sha256(key.material().octets.reveal(), text));
    }
    const auto signature = signature_of(text, *algorithm, key.material().key.get());
    if (signature.empty()) return std::unexpected(refused("the key does not sign"));
    return text + "." + base64url(signature);
}

}  // namespace hearth::signing
