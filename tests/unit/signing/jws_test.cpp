#include "signing/jws.hpp"

#include <gtest/gtest.h>

#include "signing/base64.hpp"
#include "vectors.hpp"

namespace hearth::signing {
namespace {

Key key_of(const std::string& jwk) { return Key::parse(jwk).value(); }

Key rsa_key(const std::string& more = "") {
    return key_of(R"({"kty":"RSA","e":"AQAB","n":")" + vectors::rsa_n + R"(","d":")" +
                  vectors::rsa_d + "\"" + more + "}");
}
Key ec_key() {
    return key_of(R"({"kty":"EC","crv":"P-256","x":")" + vectors::ec_x + R"(","y":")" +
                  vectors::ec_y + R"(","d":")" + vectors::ec_d + R"("})");
}

bool verifies(const std::string& compact, const Key& key) {
    const auto jws = Jws::parse(compact);
    return jws && verify(*jws, key);
}

// RFC 7515 appendix A.1.
TEST(Jws, verifies_the_hmac_vector) {
    const auto key = key_of(R"({"kty":"oct","k":")" + vectors::hmac_key + R"("})");
    const auto text = vectors::hmac_header + "." + vectors::payload + ".";
    EXPECT_TRUE(verifies(text + vectors::hmac_signature, key));
    EXPECT_FALSE(verifies(text + vectors::hmac_signature.substr(0, 40), key));
}

// RFC 7515 appendix A.2: this signature has one value only, so it can be compared.
TEST(Jws, verifies_and_makes_the_rsa_vector) {
    const auto compact =
        vectors::rsa_header + "." + vectors::payload + "." + vectors::rsa_signature;
    EXPECT_TRUE(verifies(compact, rsa_key()));
    EXPECT_EQ(
        sign(R"({"alg":"RS256"})", from_base64url(vectors::payload).value(), "RS256", rsa_key()),
        compact);
}

// RFC 7515 appendix A.3.
TEST(Jws, verifies_the_curve_vector) {
    EXPECT_TRUE(verifies(vectors::ec_header + "." + vectors::payload + "." + vectors::ec_signature,
                         ec_key()));
}

std::string proof(const std::string& claims, const std::string& signature) {
    const auto header = R"({"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","x":")" +
                        vectors::proof_x + R"(","y":")" + vectors::proof_y + R"(","crv":"P-256"}})";
    return base64url(header) + "." + base64url(claims) + "." + signature;
}

// RFC 9449 sections 4.1, 5 and 7.1.
TEST(Jws, verifies_the_proofs_of_possession) {
    const auto key = key_of(R"({"kty":"EC","crv":"P-256","x":")" + vectors::proof_x + R"(","y":")" +
                            vectors::proof_y + R"("})");
    EXPECT_TRUE(verifies(
        proof(R"({"jti":"-BwC3ESc6acc2lTc","htm":"POST","htu":"https://server.example.com/token",)"
              R"("iat":1562262616})",
              vectors::proof_signature),
        key));
    EXPECT_TRUE(verifies(
        proof(R"({"jti":"-BwC3ESc6acc2lTc","htm":"POST","htu":"https://server.example.com/token",)"
              R"("iat":1562265296})",
              vectors::refresh_proof_signature),
        key));
    EXPECT_TRUE(
        verifies(proof(R"({"jti":"e1j3V_bKic8-LAEB","htm":"GET",)"
                       R"("htu":"https://resource.example.org/protectedresource","iat":1562262618,)"
                       R"("ath":"fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"})",
                       vectors::resource_proof_signature),
                 key));
}

TEST(Jws, does_not_verify_once_a_bit_has_changed) {
    const auto text = vectors::ec_header + "." + vectors::payload + ".";
    auto payload = vectors::payload;
    payload[10] = payload[10] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(
        verifies(vectors::ec_header + "." + payload + "." + vectors::ec_signature, ec_key()));
    auto signature = vectors::ec_signature;
    signature[5] = signature[5] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(verifies(text + signature, ec_key()));
    EXPECT_FALSE(verifies(text, ec_key()));
}

class EveryAlgorithm : public ::testing::TestWithParam<std::pair<const char*, KeyKind>> {};

TEST_P(EveryAlgorithm, verifies_what_it_signed_and_nothing_else) {
    const auto& [algorithm, kind] = GetParam();
    const auto key = Key::generate(kind).value();
    const auto header = std::string(R"({"alg":")") + algorithm + R"("})";
    const auto compact = sign(header, "payload", algorithm, key);
    ASSERT_TRUE(compact);
    EXPECT_TRUE(verifies(*compact, Key::parse(key.public_jwk().value()).value()));
    EXPECT_FALSE(verifies(*compact, Key::generate(kind).value()));
}

INSTANTIATE_TEST_SUITE_P(
    Jws, EveryAlgorithm,
    ::testing::Values(std::pair{"RS256", KeyKind::rsa}, std::pair{"RS384", KeyKind::rsa},
                      std::pair{"RS512", KeyKind::rsa}, std::pair{"PS256", KeyKind::rsa},
                      std::pair{"PS384", KeyKind::rsa}, std::pair{"PS512", KeyKind::rsa},
                      std::pair{"ES256", KeyKind::p256}, std::pair{"ES384", KeyKind::p384}),
    [](const auto& one) { return std::string(one.param.first); });

TEST(Jws, refuses_no_algorithm_and_unknown_ones) {
    for (const auto* const header : {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"HS1"})",
                                     R"({})", R"({"alg":"RS256","crit":["exp"]})"}) {
        EXPECT_FALSE(Jws::parse(base64url(header) + ".e30.")) << header;
    }
    EXPECT_FALSE(Jws::parse("a.b"));
    EXPECT_FALSE(Jws::parse("a.b.c.d"));
    EXPECT_FALSE(Jws::parse(""));
}

// A public key taken for a shared secret is the classic confusion of algorithms.
TEST(Jws, refuses_a_key_of_another_kind_or_purpose) {
    const auto rsa = vectors::rsa_header + "." + vectors::payload + "." + vectors::rsa_signature;
    EXPECT_TRUE(verifies(rsa, rsa_key(R"(,"use":"sig","alg":"RS256")")));
    EXPECT_FALSE(verifies(rsa, rsa_key(R"(,"use":"enc")")));
    EXPECT_FALSE(verifies(rsa, rsa_key(R"(,"alg":"PS256")")));
    EXPECT_FALSE(verifies(rsa, ec_key()));
    EXPECT_FALSE(verifies(
        vectors::hmac_header + "." + vectors::payload + "." + vectors::hmac_signature, rsa_key()));
}

TEST(Jws, is_not_signed_with_a_public_key) {
    const auto key = Key::parse(Key::generate(KeyKind::p256).value().public_jwk().value()).value();
    EXPECT_FALSE(sign(R"({"alg":"ES256"})", "payload", "ES256", key));
}

}  // namespace
}  // namespace hearth::signing
