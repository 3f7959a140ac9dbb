#include "signing/claims.hpp"

#include <gtest/gtest.h>

namespace hearth::signing {
namespace {

TEST(Claims, are_read_with_one_audience_or_many) {
    const auto one =
        Claims::parse(R"({"iss":"i","sub":"s","aud":"a","exp":10.7,"iat":5,"nonce":"n"})");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->audience, std::vector<std::string>{"a"});
    EXPECT_EQ(one->expires_at, Instant(std::chrono::seconds(10)));
    EXPECT_EQ(one->issued_at, Instant(std::chrono::seconds(5)));
    EXPECT_EQ(Claims::parse(R"({"aud":["a","b"]})")->audience.size(), 2U);
}

TEST(Claims, lack_what_is_absent) {
    const auto claims = Claims::parse("{}");
    ASSERT_TRUE(claims);
    EXPECT_FALSE(claims->expires_at);
    EXPECT_TRUE(claims->subject.empty());
    EXPECT_FALSE(Claims::parse("no json"));
}

}  // namespace
}  // namespace hearth::signing
