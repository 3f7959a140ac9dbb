#include "importing/finding.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace hearth::importing {
namespace {

TEST(Tool, is_called_on_the_command_line_what_it_is_called) {
    for (const auto tool : {Tool::ant, Tool::aws, Tool::gcloud, Tool::gh, Tool::oidc_agent})
        EXPECT_EQ(tool_called(to_string(tool)), tool);
    EXPECT_EQ(tool_called("oidc_agent"), std::nullopt);
    EXPECT_EQ(tool_called(""), std::nullopt);
}

TEST(Finding, that_is_refused_offers_nothing) {
    Finding finding{.tool = Tool::ant, .path = "/a", .what = "a thing"};
    finding.name = "claude";
    finding.release = "ant auth logout";
    finding.offer = Offer{.provider = "claude", .settings = {}};
    const auto without = refused(std::move(finding), "no", "do this");
    EXPECT_FALSE(without.offer);
    EXPECT_EQ(without.name + without.release, "");
    EXPECT_EQ(without.path, "/a");
    EXPECT_EQ(without.obstacle, "no");
    EXPECT_EQ(without.hint, "do this");
}

TEST(Finding, shows_no_text_that_fills_a_screen) {
    const auto text =
        R"({"a":")" + std::string(513, 'x') + R"(","b":")" + std::string(512, 'x') + R"(","c":5})";
    const auto view = json::View::parse(text);
    ASSERT_TRUE(view);
    EXPECT_EQ(shown(*view, "a"), "");
    EXPECT_EQ(shown(*view, "b").size(), 512U);
    EXPECT_EQ(shown(*view, "c"), "");
    EXPECT_FALSE(secret_in(*view, "c"));
}

TEST(Finding, has_an_instant_only_within_what_can_be_shown) {
    EXPECT_EQ(to_rfc3339(from_unix_seconds(1).value()), "1970-01-01T00:00:01Z");
    EXPECT_EQ(to_rfc3339(from_unix_seconds(253'402'300'799).value()), "9999-12-31T23:59:59Z");
    for (const auto seconds : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{253'402'300'800},
                               std::numeric_limits<std::int64_t>::max()})
        EXPECT_FALSE(from_unix_seconds(seconds)) << seconds;
    EXPECT_FALSE(from_unix_seconds(std::nullopt));
}

TEST(Finding, is_named_by_what_can_be_a_profile) {
    EXPECT_EQ(profile_name("work-1", "ant"), "work-1");
    for (const auto* const name : {"", "-x", ".x", "a b", "a/b"})
        EXPECT_EQ(profile_name(name, "ant"), "ant") << name;
}

}  // namespace
}  // namespace hearth::importing
