#include "signing/openssl.hpp"

#include <string_view>

namespace hearth::signing {

const EVP_MD* fetched_digest(const char* name) noexcept {
    static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    static EVP_MD* const sha384 = EVP_MD_fetch(nullptr, "SHA384", nullptr);
    static EVP_MD* const sha512 = EVP_MD_fetch(nullptr, "SHA512", nullptr);
    const std::string_view wanted = name;
    if (wanted == "SHA256") return sha256;
    if (wanted == "SHA384") return sha384;
    if (wanted == "SHA512") return sha512;
    return nullptr;
}

}  // namespace hearth::signing
