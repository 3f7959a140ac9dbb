// Private keys in PEM, made and written by OpenSSL itself.
#pragma once

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

namespace hearth::testing {

struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using OpenSslKey = std::unique_ptr<EVP_PKEY, FreeKey>;

inline OpenSslKey rsa_key(unsigned bits = 2048) { return OpenSslKey(EVP_RSA_gen(bits)); }
inline OpenSslKey ec_key(const char* curve = "P-256") { return OpenSslKey(EVP_EC_gen(curve)); }

// What `write` puts into it.
template <class Write>
std::string written(Write write) {
    const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
    write(memory.get());
    char* start = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &start);
    return {start, static_cast<std::size_t>(size)};
}

// PKCS #8: "PRIVATE KEY".
inline std::string pem_of(const OpenSslKey& key) {
    return written([&](BIO* out) {
        PEM_write_bio_PKCS8PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
}
// "ENCRYPTED PRIVATE KEY".
inline std::string encrypted_pem_of(const OpenSslKey& key) {
    return written([&](BIO* out) {
        PEM_write_bio_PKCS8PrivateKey(out, key.get(), EVP_aes_256_cbc(), "password", 8, nullptr,
                                      nullptr);
    });
}
// PKCS #1 or SEC 1: "RSA PRIVATE KEY", "EC PRIVATE KEY".
inline std::string former_pem_of(const OpenSslKey& key, const EVP_CIPHER* cipher = nullptr) {
    const auto* const password = reinterpret_cast<const unsigned char*>("password");
    return written([&](BIO* out) {
        PEM_write_bio_PrivateKey_traditional(out, key.get(), cipher,
                                             cipher == nullptr ? nullptr : password,
                                             cipher == nullptr ? 0 : 8, nullptr, nullptr);
    });
}
inline std::string public_pem_of(const OpenSslKey& key) {
    return written([&](BIO* out) { PEM_write_bio_PUBKEY(out, key.get()); });
}

}  // namespace hearth::testing
