#include "oauth/pkce.hpp"

#include <gtest/gtest.h>

#include "support/fake_random.hpp"

namespace hearth::oauth {
namespace {

// RFC 7636 appendix B.
TEST(Pkce, challenge_is_the_sha256_of_the_verifier) {
    EXPECT_EQ(challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(Pkce, verifier_has_43_to_128_characters) {
    testing::FakeRandom random;
    EXPECT_EQ(Pkce::make(random, 32).verifier.size(), 43U);
    EXPECT_EQ(Pkce::make(random, 64).verifier.size(), 86U);
    EXPECT_EQ(Pkce::make(random, 1).verifier.size(), 43U);
    EXPECT_EQ(Pkce::make(random, 500).verifier.size(), 86U);
}

TEST(Pkce, verifier_is_new_each_time_and_fits_its_challenge) {
    testing::FakeRandom random;
    const auto first = Pkce::make(random);
    const auto second = Pkce::make(random);
    EXPECT_FALSE(same_secret(first.verifier, second.verifier));
    EXPECT_EQ(first.challenge, challenge_of(first.verifier.reveal()));
}

}  // namespace
}  // namespace hearth::oauth
