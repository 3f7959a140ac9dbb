#include "oauth/id_token.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"
#include "support/fake_http.hpp"

namespace hearth::oauth {
namespace {

using std::chrono::seconds;

const std::string keys_url = "https://login.example/keys";

class IdToken : public ::testing::Test {
  protected:
    std::string key_set(const signing::Key& one, const std::string& id) {
        auto jwk = one.public_jwk().value();
        jwk.insert(1, R"("kid":")" + id + R"(",)");
        return R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"odd"},)" + jwk + "]}";
    }
    Secret token(const std::string& payload,
                 const std::string& header = R"({"alg":"ES256","kid":"k1"})") {
        return Secret(signing::sign(header, payload, "ES256", key).value());
    }
    static std::string payload(const std::string& more = "") {
        return R"({"iss":"https://login.example","sub":"u-1","aud":"me","exp":1800000300,"iat":1800000000,"nonce":"n")" +
               more + "}";
    }
    Result<signing::Claims> validated(const Secret& id_token) {
        return validate_id_token(http, id_token, keys_url, expected, clock.now().wall, {});
    }
    Result<> checked(signing::Claims claims) {
        return check_claims(claims, expected, clock.now().wall);
    }
    signing::Claims good() { return signing::Claims::parse(payload()).value(); }

    testing::FakeClock clock;  // Stands at 1800000000.
    testing::FakeHttp http;
    signing::Key key = signing::Key::generate(signing::KeyKind::p256).value();
    IdTokenExpectation expected{.issuer = "https://login.example", .client_id = "me", .nonce = "n"};
};

TEST_F(IdToken, is_believed_when_everything_fits) {
    http.answer(keys_url, 200, key_set(key, "k1"));
    const auto claims = validated(token(payload()));
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->subject, "u-1");
    EXPECT_EQ(http.seen().size(), 1U);
}

TEST_F(IdToken, needs_no_key_id_where_one_key_fits) {
    http.answer(keys_url, 200, key_set(key, "k1"));
    EXPECT_TRUE(validated(token(payload(), R"({"alg":"ES256"})")));
}

TEST_F(IdToken, asks_once_more_for_a_key_that_is_new) {
    http.answer(keys_url, 200, key_set(key, "old"));
    http.answer(keys_url, 200, key_set(key, "k1"));
    EXPECT_TRUE(validated(token(payload())));
    EXPECT_EQ(http.seen().size(), 2U);
}

TEST_F(IdToken, is_refused_when_nobody_publishes_its_key) {
    http.answer(keys_url, 200, key_set(key, "other"));
    EXPECT_EQ(validated(token(payload())).error().remedy, Remedy::refused);
    EXPECT_EQ(http.seen().size(), 2U);
}

TEST_F(IdToken, is_refused_when_another_key_signed_it) {
    http.answer(keys_url, 200,
                key_set(signing::Key::generate(signing::KeyKind::p256).value(), "k1"));
    EXPECT_EQ(validated(token(payload())).error().remedy, Remedy::refused);
}

TEST_F(IdToken, is_refused_without_a_signature_or_with_a_shared_secret) {
    EXPECT_FALSE(validated(Secret("eyJhbGciOiJub25lIn0.e30.")));
    EXPECT_FALSE(validated(Secret("eyJhbGciOiJIUzI1NiJ9.e30.AA")));
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(IdToken, waits_for_a_server_that_does_not_answer) {
    http.fail(keys_url, HttpFailure::Stage::not_sent);
    EXPECT_EQ(validated(token(payload())).error().remedy, Remedy::unreachable);
}

TEST_F(IdToken, must_name_issuer_client_nonce_and_subject) {
    EXPECT_TRUE(checked(good()));
    auto claims = good();
    claims.issuer += "/";
    EXPECT_FALSE(checked(claims));
    claims = good();
    claims.audience = {"somebody"};
    EXPECT_FALSE(checked(claims));
    claims = good();
    claims.nonce = "";
    EXPECT_FALSE(checked(claims));
    claims = good();
    claims.subject = "";
    EXPECT_FALSE(checked(claims));
}

TEST_F(IdToken, must_be_for_this_party_when_it_is_for_many) {
    auto claims = good();
    claims.audience = {"me", "other"};
    EXPECT_FALSE(checked(claims));
    claims.authorized_party = "other";
    EXPECT_FALSE(checked(claims));
    claims.authorized_party = "me";
    EXPECT_TRUE(checked(claims));
}

TEST_F(IdToken, has_a_minute_of_leeway_on_both_sides) {
    clock.advance(seconds(300 + 59));
    EXPECT_TRUE(checked(good()));
    clock.advance(seconds(1));
    EXPECT_FALSE(checked(good()));
    clock.advance(seconds(-360 - 60));
    EXPECT_TRUE(checked(good()));
    clock.advance(seconds(-1));
    EXPECT_FALSE(checked(good()));
    auto claims = good();
    claims.expires_at.reset();
    EXPECT_FALSE(checked(claims));
}

}  // namespace
}  // namespace hearth::oauth
