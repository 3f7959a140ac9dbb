#include "oauth/authorization_response.hpp"

#include <gtest/gtest.h>

namespace hearth::oauth {
namespace {

const ResponseExpectation expected{
    .state = "good", .issuer = "https://i.example", .promises_iss = false};
const ResponseExpectation promised{
    .state = "good", .issuer = "https://i.example", .promises_iss = true};

ResponseVerdict judged(const ResponseExpectation& expectation, std::string_view query) {
    return judge_response(expectation, Query::parse(query).value());
}

TEST(AuthorizationResponse, brings_the_code) {
    const auto verdict = judged(expected, "code=c-1&state=good&other=x");
    ASSERT_TRUE(verdict.outcome && *verdict.outcome);
    EXPECT_EQ((*verdict.outcome)->reveal(), "c-1");
}

TEST(AuthorizationResponse, of_another_state_is_no_answer) {
    EXPECT_FALSE(judged(expected, "code=c&state=bad").outcome);
    EXPECT_FALSE(judged(expected, "code=c").outcome);
    EXPECT_FALSE(judged(expected, "error=access_denied&state=bad").outcome);
    EXPECT_FALSE(judged(expected, "state=good").outcome);
}

TEST(AuthorizationResponse, tells_why_the_server_refuses) {
    const auto verdict = judged(expected, "error=access_denied&error_description=not%20you%0A" +
                                              std::string(400, 'x') + "&state=good");
    ASSERT_TRUE(verdict.outcome);
    ASSERT_FALSE(*verdict.outcome);
    const auto& error = verdict.outcome->error();
    EXPECT_EQ(error.remedy, Remedy::sign_in);
    EXPECT_NE(error.what.find("access_denied: not you?x"), std::string::npos);
    EXPECT_LT(error.what.size(), 320U);
    EXPECT_EQ(judged(expected, "error=server_error&state=good").outcome->error().remedy,
              Remedy::unreachable);
    EXPECT_EQ(judged(expected, "error=invalid_scope&state=good").outcome->error().remedy,
              Remedy::usage);
}

// RFC 9207 section 2.4.
TEST(AuthorizationResponse, of_another_issuer_is_refused_even_when_it_is_an_error) {
    for (const auto* const query : {"code=c&state=good&iss=https%3A%2F%2Fi.example%2F",
                                    "error=x&state=good&iss=https%3A%2F%2Fj.example"}) {
        const auto verdict = judged(expected, query);
        ASSERT_TRUE(verdict.outcome) << query;
        ASSERT_FALSE(*verdict.outcome) << query;
        EXPECT_EQ(verdict.outcome->error().remedy, Remedy::refused);
    }
    EXPECT_TRUE(
        judged(expected, "code=c&state=good&iss=https%3A%2F%2Fi.example").outcome->has_value());
}

TEST(AuthorizationResponse, needs_an_issuer_where_one_is_promised) {
    EXPECT_FALSE(judged(promised, "code=c&state=good").outcome->has_value());
    EXPECT_TRUE(
        judged(promised, "code=c&state=good&iss=https%3A%2F%2Fi.example").outcome->has_value());
}

const std::string manual = "https://console.example/code";

PasteVerdict pasted(std::string_view text) { return judge_paste(expected, manual, Secret(text)); }

TEST(PastedCode, comes_with_its_state_or_bare) {
    for (const auto* const text : {"c-1#good", "c-1", "  c-1#good\n"}) {
        const auto verdict = pasted(text);
        ASSERT_TRUE(verdict.outcome && *verdict.outcome) << text;
        EXPECT_EQ((*verdict.outcome)->code.reveal(), "c-1");
        EXPECT_FALSE((*verdict.outcome)->from_address);
    }
}

TEST(PastedCode, of_another_sign_in_is_not_used) {
    for (const auto* const text : {"c-1#bad", "c-1#", "", "#good", "two words"}) {
        EXPECT_FALSE(pasted(text).outcome) << text;
        EXPECT_FALSE(pasted(text).complaint.empty()) << text;
    }
}

TEST(PastedCode, may_be_the_whole_address) {
    const auto loopback = pasted("http://127.0.0.1:1234/callback?code=c-1&state=good#x");
    ASSERT_TRUE(loopback.outcome && *loopback.outcome);
    EXPECT_EQ((*loopback.outcome)->code.reveal(), "c-1");
    EXPECT_TRUE((*loopback.outcome)->from_address);
    const auto page = pasted(manual + "?code=c-1&state=good");
    ASSERT_TRUE(page.outcome && *page.outcome);
    EXPECT_FALSE((*page.outcome)->from_address);
    EXPECT_FALSE(pasted("http://127.0.0.1:1234/callback?code=c-1&state=bad").outcome);
    EXPECT_FALSE(pasted("http://127.0.0.1:1234/").outcome);
    EXPECT_FALSE(pasted("http://127.0.0.1:1234/callback?error=access_denied&state=good")
                     .outcome->has_value());
}

}  // namespace
}  // namespace hearth::oauth
