#include "importing/ant.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::importing {
namespace {

using testing::ElementsAre;
using testing::Pair;

constexpr std::string_view config =
    R"({"version":"1.0","authentication":{"type":"user_oauth","client_id":"mine"}})";
constexpr std::string_view credential =
    R"({"type":"oauth_token","access_token":"sk-ant-oat01-a","refresh_token":"sk-ant-ort01-r",)"
    R"("expires_at":1900000000,"scope":"user:profile","account_email":"robin@example.com",)"
    R"("organization_uuid":"o-1","organization_name":"Example"})";

Finding found(std::string_view with_config, std::string_view with_credential,
              std::string_view name = "default") {
    return ant_profile(name, with_config, Secret(with_credential));
}

TEST(AntProfile, with_a_client_and_a_refresh_token_is_a_session) {
    const auto finding = found(config, credential);
    ASSERT_TRUE(finding.offer) << finding.obstacle;
    EXPECT_EQ(finding.name, "claude");
    EXPECT_EQ(finding.account, "robin@example.com");
    EXPECT_EQ(finding.server, "https://api.anthropic.com");
    EXPECT_EQ(to_rfc3339(finding.expires_at.value()), "2030-03-17T17:46:40Z");
    EXPECT_EQ(finding.offer->provider, "claude");
    EXPECT_THAT(finding.offer->settings, ElementsAre(Pair("client_id", "mine")));
    EXPECT_EQ(finding.offer->refresh_token->reveal(), "sk-ant-ort01-r");
    EXPECT_EQ(finding.offer->account.organization_id, "o-1");
    EXPECT_EQ(finding.offer->scopes, "user:profile");
}

TEST(AntProfile, says_how_ant_forgets_the_one_that_is_meant) {
    EXPECT_EQ(found(config, credential).release, "ant auth logout");
    EXPECT_EQ(found(config, credential, "work").release, "ANTHROPIC_PROFILE=work ant auth logout");
}

TEST(AntProfile, takes_its_addresses_and_its_organisation_along) {
    const auto finding =
        found(R"({"authentication":{"client_id":"mine","console_url":"https://console.example"},)"
              R"("base_url":"https://api.example","organization_id":"o-2","workspace_id":"w-3"})",
              credential, "work");
    EXPECT_EQ(finding.name, "work");
    EXPECT_EQ(finding.server, "https://api.example");
    EXPECT_THAT(
        finding.offer->settings,
        ElementsAre(Pair("client_id", "mine"), Pair("console_url", "https://console.example"),
                    Pair("base_url", "https://api.example"), Pair("organization", "o-2"),
                    Pair("workspace", "w-3")));
}

TEST(AntProfile, without_a_client_is_kept_fresh_by_somebody_else) {
    const auto finding = found(R"({"authentication":{"type":"user_oauth"}})", credential);
    EXPECT_FALSE(finding.offer);
    EXPECT_THAT(finding.obstacle, testing::HasSubstr("another program keeps it fresh"));
    EXPECT_EQ(finding.release, "");
}

TEST(AntProfile, with_a_key_in_the_tokens_place_is_a_key) {
    const auto finding = found("", R"({"access_token":"sk-ant-api03-k","expires_at":1900000000})");
    ASSERT_TRUE(finding.offer);
    EXPECT_EQ(finding.offer->key->reveal(), "sk-ant-api03-k");
    EXPECT_FALSE(finding.offer->refresh_token);
    EXPECT_FALSE(finding.expires_at);
    EXPECT_EQ(finding.release, "") << "nobody renews a key";
}

TEST(AntProfile, that_cannot_be_held_says_why) {
    const auto obstacle = [](std::string_view with_config, std::string_view with_credential) {
        const auto finding = found(with_config, with_credential);
        EXPECT_FALSE(finding.offer);
        EXPECT_EQ(finding.name, "");
        return finding.obstacle;
    };
    EXPECT_EQ(obstacle("{", credential), "its configuration is not a JSON object");
    EXPECT_EQ(obstacle("[]", credential), "its configuration is not a JSON object");
    EXPECT_EQ(obstacle(config, "no"), "it is not a JSON object");
    EXPECT_EQ(obstacle(config, "[]"), "it is not a JSON object");
    EXPECT_EQ(obstacle(config, R"({"type":"x"})"),
              "its credential is of a kind that hearth does not know");
    EXPECT_EQ(obstacle(config, R"({"type":7})"),
              "its credential is of a kind that hearth does not know");
    EXPECT_EQ(obstacle(config, R"({"access_token":"a"})"),
              "it has no refresh token to renew it with");
    EXPECT_EQ(obstacle(R"({"authentication":{"type":"oidc_federation"}})", credential),
              "it signs in by workload identity, without a session to take over");
    EXPECT_EQ(obstacle(R"({"base_url":"ftp://x"})", credential), "its base_url is not an address");
    EXPECT_EQ(ant_profile("a", config, std::nullopt).obstacle, "nobody is signed in to it");
}

TEST(AntProfile, may_say_where_its_credential_lies) {
    EXPECT_EQ(ant_credentials_path(R"({"authentication":{"credentials_path":"/a/b.json"}})"),
              "/a/b.json");
    EXPECT_EQ(ant_credentials_path(config), "");
    EXPECT_EQ(ant_credentials_path("{"), "");
}

TEST(AntProfile, has_a_name_that_is_part_of_a_files) {
    EXPECT_TRUE(is_ant_profile_name("Work_1.a-b"));
    for (const auto* const name : {"", ".", "..", ".hidden", "a/b", "a b", "é"})
        EXPECT_FALSE(is_ant_profile_name(name)) << name;
}

}  // namespace
}  // namespace hearth::importing
