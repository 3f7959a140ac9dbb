#include "providers/aws/shared_config.hpp"

#include <gmock/gmock.h>

#include "unit/aws/configuration.hpp"

namespace hearth::providers::aws {
namespace {

using ::testing::ElementsAre;

// What is not there has nothing.
SharedSection found(const std::optional<SharedSection>& section) {
    return section.value_or(SharedSection());
}

TEST(SharedConfig, has_a_profile_from_both_files) {
    const auto files = files_of("[profile foo]\na = 1\n", "[foo]\nb = 2\n");
    const auto foo = found(files->profile("foo"));
    EXPECT_EQ(foo.text("a"), "1");
    EXPECT_EQ(foo.text("b"), "2");
    EXPECT_EQ(foo.at("a"), "config:2");
    EXPECT_EQ(foo.at("b"), "credentials:2");
    EXPECT_EQ(foo.at(), "config:1");
    EXPECT_EQ(foo.name(), "foo");
}

TEST(SharedConfig, lets_the_credentials_file_win_key_by_key) {
    const auto files =
        files_of("[profile foo]\na = 1\nb = 2\n", "# first\n[foo]\na = 3\n\n[bar]\nc = 4\n");
    const auto foo = found(files->profile("foo"));
    EXPECT_EQ(foo.text("a"), "3");
    EXPECT_EQ(foo.at("a"), "credentials:3");
    EXPECT_EQ(foo.text("b"), "2");
    EXPECT_EQ(found(files->profile("bar")).at(), "credentials:5");
}

TEST(SharedConfig, merges_the_profile_default_with_the_default_of_the_credentials_file) {
    const auto files = files_of("[profile default]\na = 1\n[default]\nb = 2\n", "[default]\nc = 3");
    const auto profile = found(files->profile("default"));
    EXPECT_EQ(profile.text("a"), "1");
    EXPECT_FALSE(profile.has("b"));
    EXPECT_EQ(profile.text("c"), "3");
}

TEST(SharedConfig, tells_what_each_file_has_by_itself) {
    const auto files = files_of("[profile foo]\na = 1\nb = 2\n", "[foo]\na = 3\n");
    const auto foo = found(files->profile("foo"));
    EXPECT_EQ(foo.only(SharedFileKind::config).text("a"), "1");
    EXPECT_EQ(foo.only(SharedFileKind::config).at("a"), "config:2");
    EXPECT_FALSE(foo.only(SharedFileKind::credentials).has("b"));
}

TEST(SharedConfig, knows_sessions_and_services_of_the_config_file) {
    const auto files = files_of(
        "[sso-session corp]\nsso_region = eu-west-1\n[services local]\nsts =\n"
        "  endpoint_url = http://127.0.0.1:1\n");
    EXPECT_EQ(found(files->sso_session("corp")).text("sso_region"), "eu-west-1");
    EXPECT_EQ(found(files->services("local")).part("sts", "endpoint_url"), "http://127.0.0.1:1");
    EXPECT_EQ(found(files->services("local")).part("sso", "endpoint_url"), "");
    EXPECT_FALSE(files->profile("corp"));
    EXPECT_FALSE(files->sso_session("local"));
    EXPECT_FALSE(files->services("corp"));
}

TEST(SharedConfig, lists_the_profiles_of_both_files_once) {
    const auto files = files_of("[profile b]\n[default]\n[profile a]\n", "[b]\n[c]\n");
    EXPECT_THAT(files->profile_names(), ElementsAre("a", "b", "c", "default"));
}

TEST(SharedConfig, tells_what_was_passed_over_in_both_files) {
    EXPECT_THAT(
        files_of("[foo]\n", "\n[profile foo]\n")->notes(),
        ElementsAre(
            "config:1: section [foo] is ignored: it would have to be [profile foo]",
            "credentials:2: section [profile foo] is ignored: in this file it would have to be "
            "[foo]"));
}

TEST(SharedConfig, takes_an_empty_value_for_none) {
    const auto files = files_of("[profile foo]\na =\nb = 1\n", "[foo]\nb =\n");
    EXPECT_FALSE(found(files->profile("foo")).has("a"));
    EXPECT_FALSE(found(files->profile("foo")).has("b"));
}

TEST(SharedConfig, has_flags_and_numbers) {
    const auto files =
        files_of("[default]\nyes = True\nno = false\nodd = 1\nten = 10\nmany = 10x\n");
    const auto profile = found(files->profile("default"));
    EXPECT_EQ(*profile.flag("yes"), std::optional(true));
    EXPECT_EQ(*profile.flag("no"), std::optional(false));
    EXPECT_EQ(*profile.flag("absent"), std::optional<bool>());
    EXPECT_EQ(
        profile.flag("odd").error(),
        (Error{Remedy::usage, "config:4: odd is neither true nor false", "write true or false"}));
    EXPECT_EQ(*profile.number("ten", {.least = 1, .most = 10}), std::optional(10));
    EXPECT_EQ(*profile.number("absent", {}), std::optional<std::int64_t>());
    EXPECT_EQ(
        profile.number("ten", {.least = 1, .most = 9}).error(),
        (Error{Remedy::usage, "config:5: ten is not a whole number from 1 to 9", "write one"}));
    EXPECT_FALSE(profile.number("many", {}));
}

TEST(SharedConfig, may_lack_both_files_in_their_usual_places) {
    const auto files =
        SharedConfig::parse({.place = {.path = "config", .named_by = {}}, .text = {}},
                            {.place = {.path = "credentials", .named_by = {}}, .text = {}});
    ASSERT_TRUE(files);
    EXPECT_TRUE(files->profile_names().empty());
}

TEST(SharedConfig, needs_a_file_that_a_variable_names) {
    const SharedText there{.place = {.path = "credentials", .named_by = {}}, .text = Secret("")};
    const SharedText missing{.place = {.path = "/x", .named_by = "AWS_CONFIG_FILE"}, .text = {}};
    const auto files = SharedConfig::parse(missing, there);
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error(), (Error{Remedy::usage, "AWS_CONFIG_FILE names a file that is not there",
                                    "make it name one that is, or unset it"}));
}

TEST(SharedConfig, is_wrong_where_one_of_the_files_is) {
    EXPECT_EQ(files_of("[default]\n", "\nx").error().what,
              "credentials:2: this line stands before any section");
}

TEST(SharedPlaces, are_below_the_home_folder_unless_variables_name_others) {
    const auto usual = shared_places({}, "/home/me");
    EXPECT_EQ(usual.config.path, "/home/me/.aws/config");
    EXPECT_EQ(usual.credentials.path, "/home/me/.aws/credentials");
    EXPECT_EQ(usual.config.named_by, "");
    Variables variables;
    variables.config_file = "~/work/config";
    variables.credentials_file = "/etc/keys";
    const auto named = shared_places(variables, "/home/me");
    EXPECT_EQ(named.config.path, "/home/me/work/config");
    EXPECT_EQ(named.config.named_by, "AWS_CONFIG_FILE");
    EXPECT_EQ(named.credentials.path, "/etc/keys");
    EXPECT_EQ(named.credentials.named_by, "AWS_SHARED_CREDENTIALS_FILE");
}

TEST(SharedPlaces, have_the_home_folder_for_a_tilde_alone) {
    EXPECT_EQ(expand_home("~", "/home/me"), "/home/me");
    EXPECT_EQ(expand_home("~/x", "/home/me"), "/home/me/x");
    EXPECT_EQ(expand_home("~you/x", "/home/me"), "~you/x");
    EXPECT_EQ(expand_home("/x/~", "/home/me"), "/x/~");
    EXPECT_EQ(expand_home("", "/home/me"), "");
}

}  // namespace
}  // namespace hearth::providers::aws
