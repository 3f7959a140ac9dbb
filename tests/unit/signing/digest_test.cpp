#include "signing/digest.hpp"

#include <gtest/gtest.h>

#include "signing/base64.hpp"

namespace hearth::signing {
namespace {

std::string hex(const Digest& digest) {
    std::string text;
    for (const auto octet : digest) {
        text += "0123456789abcdef"[octet >> 4U];
        text += "0123456789abcdef"[octet & 15U];
    }
    return text;
}

TEST(Sha256, of_nothing) {
    EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

// FIPS 180-2 appendix B.1.
TEST(Sha256, of_abc) {
    EXPECT_EQ(hex(sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// RFC 9449 section 4.2: `ath`.
TEST(Sha256, of_an_access_token) {
    EXPECT_EQ(base64url(sha256("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU")),
              "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
}

// RFC 4231 section 4.3.
TEST(HmacSha256, of_what_do_ya_want) {
    EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(HmacSha256, takes_an_empty_key) {
    EXPECT_EQ(hex(hmac_sha256("", "")),
              "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

}  // namespace
}  // namespace hearth::signing
