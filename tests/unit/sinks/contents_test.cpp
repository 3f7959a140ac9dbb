#include "sinks/contents.hpp"

#include <gmock/gmock.h>

#include <string>

#include "json/document.hpp"

namespace hearth::sinks {
namespace {

using ::testing::HasSubstr;

Handout handout() {
    return {.profile = "work",
            .token = Secret("t0ken"),
            .expires_at = Instant(std::chrono::seconds(1767323045)),
            .email = "me@example.com"};
}

TEST(AnthropicCredentials, say_when_they_expire_in_unix_seconds) {
    const auto written = anthropic_credentials(handout());
    const auto read = json::Document::parse(written.reveal());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text("access_token"), "t0ken");
    EXPECT_EQ(read->number("expires_at"), 1767323045);
    EXPECT_EQ(read->text("type"), "oauth_token");
    EXPECT_EQ(read->text("account_email"), "me@example.com");
    EXPECT_FALSE(read->has("organization_uuid"));
    EXPECT_FALSE(read->has("refresh_token"));
}

TEST(AnthropicConfig, names_no_client_so_that_the_sdks_leave_renewal_alone) {
    const auto read = json::Document::parse(anthropic_config(handout()));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->object("authentication").names(), std::vector<std::string>{"type"});
    EXPECT_EQ(read->text("base_url"), "https://api.anthropic.com");
}

TEST(AnthropicConfig, of_another_program_is_not_replaced) {
    EXPECT_TRUE(may_replace_anthropic_config(anthropic_config(handout()), "F"));
    for (const auto* text :
         {R"({"authentication":{"type":"user_oauth","client_id":"x"}})",
          R"({"authentication":{"type":"oidc_federation"}})", R"({})", R"(no JSON)"}) {
        const auto answer = may_replace_anthropic_config(text, "F");
        ASSERT_FALSE(answer) << text;
        EXPECT_THAT(answer.error().what, HasSubstr("F is"));
    }
}

TEST(JsonSink, says_what_the_command_line_says) {
    const auto read = json::Document::parse(json_content(handout()).reveal());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text("token"), "t0ken");
    EXPECT_EQ(read->text("token_type"), "Bearer");
    EXPECT_EQ(read->text("expires_at"), "2026-01-02T03:04:05Z");
}

}  // namespace
}  // namespace hearth::sinks
