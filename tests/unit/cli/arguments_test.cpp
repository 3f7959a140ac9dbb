#include "cli/arguments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace hearth::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array options{Option{"--min-ttl", "SPAN", ""}, Option{"--scope", "S", ""},
                             json_option};
constexpr Grammar grammar{.operands = "PROFILE", .least = 1, .most = 2, .options = options};

Result<Arguments> parsed(std::vector<std::string_view> words) {
    return Arguments::parse(grammar, words);
}

std::string refused(std::vector<std::string_view> words) {
    const auto arguments = parsed(std::move(words));
    if (arguments) return "";
    EXPECT_EQ(arguments.error().remedy, Remedy::usage);
    return arguments.error().what;
}

TEST(Arguments, take_options_before_and_after_operands) {
    const auto arguments = parsed({"--json", "work", "--min-ttl", "5m"});
    ASSERT_TRUE(arguments.has_value());
    EXPECT_TRUE(arguments->has("--json"));
    EXPECT_EQ(arguments->operand(0), "work");
    EXPECT_EQ(arguments->value("--min-ttl"), "5m");
    EXPECT_EQ(arguments->operand(1), "");
}

TEST(Arguments, take_a_value_after_an_equals_sign) {
    const auto arguments = parsed({"work", "--scope=a=b"});
    ASSERT_TRUE(arguments.has_value());
    EXPECT_EQ(arguments->value("--scope"), "a=b");
}

TEST(Arguments, keep_every_value_of_an_option_and_prefer_the_last) {
    const auto arguments = parsed({"work", "--scope", "a", "--scope", "b"});
    ASSERT_TRUE(arguments.has_value());
    EXPECT_THAT(arguments->values("--scope"), ElementsAre("a", "b"));
    EXPECT_EQ(arguments->value("--scope"), "b");
}

TEST(Arguments, a_value_may_look_like_an_option) {
    EXPECT_EQ(parsed({"work", "--scope", "--json"})->value("--scope"), "--json");
}

TEST(Arguments, after_two_dashes_everything_is_an_operand) {
    const auto arguments = parsed({"--", "--json"});
    ASSERT_TRUE(arguments.has_value());
    EXPECT_EQ(arguments->operand(0), "--json");
    EXPECT_FALSE(arguments->has("--json"));
}

TEST(Arguments, refuse_what_the_grammar_does_not_have) {
    EXPECT_THAT(refused({"work", "--nonsense"}), HasSubstr("--nonsense"));
    EXPECT_THAT(refused({"work", "-j"}), HasSubstr("-j"));
    EXPECT_THAT(refused({"work", "--min-ttl"}), HasSubstr("SPAN"));
    EXPECT_THAT(refused({"work", "--json=yes"}), HasSubstr("no value"));
    EXPECT_THAT(refused({}), HasSubstr("PROFILE"));
    EXPECT_THAT(refused({"a", "b", "c"}), HasSubstr("'c'"));
}

TEST(Arguments, an_unknown_option_does_not_repeat_its_value) {
    EXPECT_THAT(refused({"work", "--token=sk-secret"}), testing::Not(HasSubstr("secret")));
}

TEST(Arguments, tell_what_stands_before_the_dashes) {
    EXPECT_EQ(parsed({"a", "--", "b"})->before_dashes(), 1U);
    EXPECT_EQ(parsed({"a", "b"})->before_dashes(), std::nullopt);
    EXPECT_EQ(parsed({"--", "--", "-x"})->before_dashes(), 0U);
    EXPECT_EQ(parsed({"--", "--", "-x"})->operand(0), "--");
}

TEST(Arguments, help_needs_no_operands) {
    EXPECT_TRUE(parsed({"--help"})->has("--help"));
    EXPECT_TRUE(parsed({"-h"})->has("--help"));
    EXPECT_TRUE(parsed({"work", "--non-interactive"})->has("--non-interactive"));
}

}  // namespace
}  // namespace hearth::cli
