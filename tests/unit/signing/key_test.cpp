#include "signing/key.hpp"

#include <gtest/gtest.h>

#include "vectors.hpp"

namespace hearth::signing {
namespace {

std::string ec_jwk(const std::string& x, const std::string& y) {
    return R"({"kty":"EC","crv":"P-256","x":")" + x + R"(","y":")" + y + R"("})";
}

// RFC 7638 section 3.1.
TEST(Key, has_the_thumbprint_of_the_rfc) {
    const auto key =
        Key::parse(R"({"kty":"RSA","alg":"RS256","kid":"2011-04-29","e":"AQAB","n":")" +
                   vectors::thumb_n + R"("})");
    ASSERT_TRUE(key);
    EXPECT_EQ(key->thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    EXPECT_EQ(key->id(), "2011-04-29");
    EXPECT_FALSE(key->is_private());
}

// RFC 9449 section 6.1: jkt.
TEST(Key, has_the_thumbprint_of_a_curve_point) {
    const auto key = Key::parse(ec_jwk(vectors::proof_x, vectors::proof_y));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
}

TEST(Key, is_refused_off_its_curve) {
    EXPECT_FALSE(Key::parse(ec_jwk(vectors::ec_x, vectors::proof_y)));
}

TEST(Key, is_refused_with_a_coordinate_of_another_size) {
    EXPECT_FALSE(Key::parse(ec_jwk(vectors::ec_x.substr(0, 42), vectors::ec_y)));
}

TEST(Key, is_refused_when_rsa_is_short) {
    EXPECT_FALSE(
        Key::parse(R"({"kty":"RSA","e":"AQAB","n":")" + vectors::rsa_n.substr(0, 172) + R"("})"));
}

TEST(Key, is_refused_when_its_kind_is_not_known) {
    for (const auto* const jwk :
         {R"({"kty":"OKP","crv":"Ed25519","x":"AA"})", R"({"kty":"EC","crv":"P-521"})",
          R"({"kty":"RSA"})", R"({})", "nonsense"}) {
        EXPECT_FALSE(Key::parse(jwk)) << jwk;
    }
}

TEST(Key, gives_its_public_part_without_the_private_one) {
    for (const auto kind : {KeyKind::rsa, KeyKind::p256, KeyKind::p384}) {
        const auto key = Key::generate(kind);
        ASSERT_TRUE(key);
        const auto jwk = key->public_jwk();
        ASSERT_TRUE(jwk);
        const auto copy = Key::parse(*jwk);
        ASSERT_TRUE(copy);
        EXPECT_FALSE(copy->is_private());
        EXPECT_EQ(copy->thumbprint(), key->thumbprint());
    }
}

}  // namespace
}  // namespace hearth::signing
