#include "cli/given_token.hpp"

#include <gtest/gtest.h>

namespace hearth::cli {
namespace {

std::string taken(std::string_view input) {
    const auto token = given_token(input);
    return token ? std::string(token->reveal()) : "refused";
}

TEST(GivenToken, is_taken_without_the_blanks_around_it) {
    EXPECT_EQ(taken("sk-ant-key"), "sk-ant-key");
    EXPECT_EQ(taken("  sk-ant-key\r\n\n"), "sk-ant-key");
}

TEST(GivenToken, is_one_word_of_printable_ascii) {
    for (const auto* wrong :
         {"", " \n", "two words", "two\nlines", "tab\tbed", "schlüssel", "bell\x07"})
        EXPECT_EQ(taken(wrong), "refused") << wrong;
}

TEST(GivenToken, has_a_greatest_length) {
    EXPECT_EQ(taken(std::string(longest_token, 'x')).size(), longest_token);
    EXPECT_EQ(taken(std::string(longest_token + 1, 'x')), "refused");
}

TEST(GivenToken, is_not_quoted_by_the_error) {
    const auto token = given_token("sk-secret with more");
    ASSERT_FALSE(token.has_value());
    EXPECT_EQ(token.error().remedy, Remedy::usage);
    EXPECT_EQ(token.error().what.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace hearth::cli
