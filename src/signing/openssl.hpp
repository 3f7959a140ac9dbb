// What the files of this folder share about OpenSSL; not for others, who must not see its types.
#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>

#include <memory>

namespace hearth::signing {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const noexcept {
        release(object);
    }
};

template <class T, auto release>
using Owned = std::unique_ptr<T, Release<release>>;

using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedNumber = Owned<BIGNUM, BN_clear_free>;

// Fetched once per name and kept for the life of the process; null for a name that is not "SHA256",
// "SHA384" or "SHA512".
const EVP_MD* fetched_digest(const char* name) noexcept;

}  // namespace hearth::signing
