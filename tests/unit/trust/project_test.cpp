#include "trust/project.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "config/keys.hpp"

namespace hearth::trust {
namespace {

class Settled : public ::testing::Test {
  protected:
    Profile profile = config::untouched_profile(*Name::parse("work"));

    [[nodiscard]] std::string session(const std::string& folder = "/home/ada/app") const {
        return settled(folder, profile).session.text();
    }
};

TEST(Fingerprint, is_the_sha256_in_hexadecimal) {
    // FIPS 180-4, the example of one block.
    EXPECT_EQ(fingerprint("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Project, has_its_file_in_its_folder) {
    EXPECT_EQ(Project::file_in("/home/ada/app"), "/home/ada/app/.hearth.toml");
    EXPECT_EQ(Project::file_in("/"), "/.hearth.toml");
}

TEST_F(Settled, has_a_name_that_no_file_of_settings_can_have) {
    const auto made = settled("/home/ada/app", profile);
    EXPECT_TRUE(config::reserved(made.name.text()));
    EXPECT_EQ(made.name, made.session);
    EXPECT_EQ(made.name, settled("/home/ada/app", profile).name);
}

TEST_F(Settled, has_another_session_in_another_folder_and_under_another_name) {
    const std::string here = session();
    EXPECT_NE(here, session("/home/ada/app2"));
    profile.name = *Name::parse("work2");
    EXPECT_NE(here, session());
}

TEST_F(Settled, is_not_mistaken_where_a_folder_ends_as_a_name_begins) {
    const std::string here = session("/a/x");
    profile.name = *Name::parse("xwork");
    EXPECT_NE(here, session("/a/"));
}

TEST_F(Settled, has_another_session_once_it_asks_somebody_else_or_as_somebody_else) {
    std::set<std::string> sessions{session()};
    const auto change = [&](const std::function<void(Profile&)>& how) {
        const Profile before = profile;
        how(profile);
        EXPECT_TRUE(sessions.insert(session()).second);
        profile = before;
    };
    change([](Profile& p) { p.provider = "oidc"; });
    change([](Profile& p) { p.issuer = "https://evil.example"; });
    change([](Profile& p) { p.client_id = "x"; });
    change([](Profile& p) { p.client_secret = "x"; });
    change([](Profile& p) { p.claude->base_url = "https://evil.example"; });
    change([](Profile& p) { p.claude->profile_url = "https://evil.example"; });
    change([](Profile& p) { p.endpoints->token = "https://evil.example"; });
    change([](Profile& p) { p.endpoints->revocation = "https://evil.example"; });
    change([](Profile& p) { p.endpoints->userinfo = "https://evil.example"; });
    change([](Profile& p) { p.authorize_parameters["x"] = "y"; });
}

TEST_F(Settled, keeps_its_session_when_what_changes_sends_nothing_elsewhere) {
    const std::string before = session();
    profile.renewal.min_remaining = std::chrono::minutes(2);
    profile.helper->token = "vault read";
    profile.helper->ttl = std::chrono::seconds(1);
    profile.scopes = *Scopes::parse("openid");
    EXPECT_EQ(before, session());
}

}  // namespace
}  // namespace hearth::trust
