#include "signing/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "signing/openssl.hpp"

namespace hearth::signing {
namespace {

const unsigned char* octets_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

}  // namespace

Digest sha256(std::string_view octets) {
    Digest digest{};
    unsigned size = 0;
    const auto* const md = fetched_digest("SHA256");
    require(md != nullptr &&
            EVP_Digest(octets.data(), octets.size(), digest.data(), &size, md, nullptr) == 1);
    return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view octets) {
    // Fetched once: a look-up by name costs more than the code itself.
    static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    require(mac != nullptr);
    const Owned<EVP_MAC_CTX, EVP_MAC_CTX_free> context(EVP_MAC_CTX_new(mac));
    require(context != nullptr);
    std::string name = "SHA256";
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end(),
    };
    Digest digest{};
    std::size_t size = 0;
    // EVP_MAC_init takes a null key for "none set", so an empty one still needs an address.
    const auto* const key_octets = key.empty() ? octets_of("") : octets_of(key);
    require(EVP_MAC_init(context.get(), key_octets, key.size(), parameters.data()) == 1 &&
            EVP_MAC_update(context.get(), octets_of(octets), octets.size()) == 1 &&
            EVP_MAC_final(context.get(), digest.data(), &size, digest.size()) == 1);
    return digest;
}

}  // namespace hearth::signing
