#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/settings.hpp"

namespace hearth::config {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view file = "/app/.hearth.toml";

ProjectSettings parsed(std::string_view text) {
    auto project = parse_project(text, file);
    EXPECT_TRUE(project) << (project ? "" : project.error().what);
    return project.value_or(ProjectSettings{});
}

Error refused(std::string_view text) {
    const auto project = parse_project(text, file);
    EXPECT_FALSE(project) << text;
    const Error error = project ? Error{} : project.error();
    EXPECT_EQ(error.remedy, Remedy::usage);
    return error;
}

TEST(ProjectSettings, are_none_in_an_empty_file) {
    const auto project = parsed("");
    EXPECT_FALSE(project.profile);
    EXPECT_TRUE(project.profiles.empty());
}

TEST(ProjectSettings, have_profiles_and_the_name_of_one) {
    const auto project =
        parsed("profile = \"work\"\n[profiles.work]\nprovider = \"claude\"\nworkspace = \"w\"\n");
    ASSERT_TRUE(project.profile);
    EXPECT_EQ(project.profile->text(), "work");
    ASSERT_EQ(project.profiles.size(), 1U);
    EXPECT_EQ(project.profiles.begin()->second->claude->workspace, "w");
}

TEST(ProjectSettings, may_name_a_profile_that_is_not_theirs) {
    const auto project = parsed("profile = \"claude\"\n");
    EXPECT_EQ(project.profile->text(), "claude");
    EXPECT_TRUE(project.profiles.empty());
}

TEST(ProjectSettings, have_no_store_network_limits_or_sinks) {
    for (const std::string table : {"store", "network", "limits", "sinks", "anything"}) {
        EXPECT_THAT(refused("[" + table + "]\n").what,
                    HasSubstr("'" + table + "' is not a setting of a project's folder"));
    }
}

TEST(ProjectSettings, name_no_session_at_all) {
    const auto error = refused("[profiles.a]\nprovider = \"claude\"\nsession = \"work\"\n");
    EXPECT_EQ(error.what,
              "/app/.hearth.toml:3:1: a project's profile has a session of its own, and cannot "
              "name another");
    EXPECT_THAT(refused("[profiles.a]\nprovider = \"claude\"\nsession = \"a\"\n").what,
                HasSubstr("a session of its own"));
}

TEST(ProjectSettings, name_no_profile_that_hearth_keeps_for_itself) {
    EXPECT_THAT(refused("[profiles.\"hearth.project.0\"]\nprovider = \"claude\"\n").what,
                HasSubstr("hearth keeps for itself"));
}

TEST(ProjectSettings, name_file_and_line_of_what_is_wrong) {
    EXPECT_THAT(refused("\nprofile = 7\n").what, StartsWith("/app/.hearth.toml:2:11: profile "));
    EXPECT_THAT(refused("profile = \"a b\"\n").what,
                StartsWith("/app/.hearth.toml:1:11: profile "));
    EXPECT_THAT(refused("[profiles.a\n").what, HasSubstr("this is not TOML"));
    EXPECT_THAT(refused("profiles = 1\n").what, HasSubstr("profiles must be a table"));
}

}  // namespace
}  // namespace hearth::config
