#include "importing/oidc_agent.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::importing {
namespace {

using testing::ElementsAre;
using testing::Pair;

Finding found(std::string_view text, std::string_view name = "file") {
    return oidc_agent_account(name, Secret(text));
}

TEST(OidcAgentAccount, is_a_session_of_its_issuer_and_client) {
    const auto finding =
        found(R"({"name":"lab","issuer_url":"https://login.example/","client_id":"c",)"
              R"("client_secret":"s","refresh_token":"r","scope":"openid offline_access"})");
    ASSERT_TRUE(finding.offer) << finding.obstacle;
    EXPECT_EQ(finding.name, "lab");
    EXPECT_EQ(finding.server, "https://login.example/");
    EXPECT_THAT(finding.offer->settings,
                ElementsAre(Pair("issuer", "https://login.example/"), Pair("client_id", "c"),
                            Pair("scope", "openid"), Pair("scope", "offline_access")));
    EXPECT_EQ(finding.offer->client_secret->reveal(), "s");
    EXPECT_EQ(finding.offer->refresh_token->reveal(), "r");
    EXPECT_EQ(finding.release, "oidc-add --remove lab");
}

TEST(OidcAgentAccount, goes_by_the_files_name_where_it_does_not_say_its_own) {
    const auto finding =
        found(R"({"issuer":"https://login.example","client_id":"c","refresh_token":"r"})", "lab");
    EXPECT_EQ(finding.name, "lab");
    EXPECT_EQ(finding.release, "oidc-add --remove lab");
}

TEST(OidcAgentAccount, with_a_name_that_is_no_word_leaves_it_to_the_person) {
    const auto finding = found(
        R"({"name":"a; rm -r","issuer":"https://l.example","client_id":"c","refresh_token":"r"})");
    EXPECT_EQ(finding.name, "oidc-agent");
    EXPECT_EQ(finding.release, "oidc-add --remove NAME");
}

TEST(OidcAgentAccount, asks_for_no_scope_that_is_the_tools_own_word_for_all) {
    const auto finding = found(
        R"({"issuer":"https://l.example","client_id":"c","refresh_token":"r","scope":"max"})");
    EXPECT_EQ(finding.offer->scopes, "");
    EXPECT_EQ(finding.offer->settings.size(), 2U);
}

TEST(OidcAgentAccount, that_is_encrypted_says_how_it_is_read) {
    const auto finding = found("6f2a9c", "lab");
    EXPECT_EQ(finding.obstacle, "it is encrypted, or no account at all");
    EXPECT_EQ(finding.hint, "oidc-gen --print lab | hearth import oidc-agent --file - --yes");
}

TEST(OidcAgentAccount, that_cannot_be_held_says_why) {
    EXPECT_EQ(found(R"({"refresh_token":"r"})").obstacle, "it names no issuer that is an address");
    EXPECT_EQ(found(R"({"issuer":"https://l.example","refresh_token":"r"})").obstacle,
              "it names no client");
    const auto token =
        found(R"({"access_token":"a","issuer":"https://l.example","expires_at":1900000000})");
    EXPECT_EQ(token.obstacle, "it has no refresh token to renew it with");
    EXPECT_TRUE(token.expires_at);
}

}  // namespace
}  // namespace hearth::importing
