#include "provider_fixture.hpp"
#include "providers/claude/claude.hpp"

namespace hearth::providers {
namespace {

class ClaudeCredential : public ProviderTest {
  protected:
    std::string header_of(const Request& request, std::string_view name) {
        std::string found;
        for (const auto& one : request.headers)
            if (one.name == name) found += (found.empty() ? "" : " and ") + one.value;
        return found;
    }
    Request authorized(const Session& session, std::vector<Header> headers = {}) {
        Request request{.method = "POST",
                        .url = "https://api.anthropic.com/v1/messages",
                        .headers = std::move(headers)};
        EXPECT_TRUE(claude.credential(profile, session)->authorize(request));
        return request;
    }
    Session token() { return claude.adopt(profile, Secret("sk-ant-oat01-t")).value(); }
    Session key() { return claude.adopt(profile, Secret("sk-ant-api03-k")).value(); }

    Profile profile = profile_of("claude");
    Claude claude{ports};
};

TEST_F(ClaudeCredential, brings_the_headers_that_a_token_needs) {
    const auto request = authorized(token());
    EXPECT_EQ(header_of(request, "Authorization"), "Bearer sk-ant-oat01-t");
    EXPECT_EQ(header_of(request, "anthropic-version"), "2023-06-01");
    EXPECT_EQ(header_of(request, "anthropic-beta"), "oauth-2025-04-20");
    EXPECT_EQ(header_of(request, "anthropic-workspace-id"), "");
}

TEST_F(ClaudeCredential, keeps_what_the_request_has_and_appends_to_it) {
    const auto request =
        authorized(token(), {{"anthropic-version", "2024-01-01"}, {"anthropic-beta", "tools-1"}});
    EXPECT_EQ(header_of(request, "anthropic-version"), "2024-01-01");
    EXPECT_EQ(header_of(request, "anthropic-beta"), "tools-1,oauth-2025-04-20");
    const auto again = authorized(token(), {{"anthropic-beta", "oauth-2025-04-20"}});
    EXPECT_EQ(header_of(again, "anthropic-beta"), "oauth-2025-04-20");
}

TEST_F(ClaudeCredential, names_the_workspace_for_tokens_only) {
    profile.claude->workspace = "w-1";
    EXPECT_EQ(header_of(authorized(token()), "anthropic-workspace-id"), "w-1");
    EXPECT_EQ(header_of(authorized(key()), "anthropic-workspace-id"), "");
}

TEST_F(ClaudeCredential, sends_a_key_without_the_beta_of_tokens) {
    const auto request = authorized(key());
    EXPECT_EQ(header_of(request, "x-api-key"), "sk-ant-api03-k");
    EXPECT_EQ(header_of(request, "Authorization"), "");
    EXPECT_EQ(header_of(request, "anthropic-beta"), "");
    EXPECT_EQ(header_of(request, "anthropic-version"), "2023-06-01");
}

}  // namespace
}  // namespace hearth::providers
