#include "providers/claude/claude.hpp"

#include "provider_fixture.hpp"

namespace hearth::providers {
namespace {

const std::string token_url = "https://api.anthropic.com/v1/oauth/token";

class ClaudeTest : public ProviderTest {
  protected:
    ClaudeTest() {
        session.provider = "claude";
        session.client_id = "issued-to-me";
        session.client_auth = "none";
        session.token_endpoint = token_url;
        session.access_token = Secret("sk-ant-oat01-planted");
        session.refresh_token = Secret("sk-ant-ort01-planted");
    }
    Profile profile = profile_of("claude");
    Session session;
    Claude claude{ports};
};

TEST_F(ClaudeTest, renews_with_json_and_without_scope) {
    http.answer(token_url, 200,
                R"({"access_token":"sk-ant-oat01-new","token_type":"Bearer","expires_in":60})");
    const auto renewal = claude.renew(profile, session, {});
    ASSERT_TRUE(std::holds_alternative<Renewed>(renewal.outcome));
    EXPECT_EQ(std::get<Renewed>(renewal.outcome).session.refresh_token->reveal(),
              "sk-ant-ort01-planted");
    ASSERT_EQ(http.seen().size(), 1U);
    EXPECT_EQ(header(http.seen()[0], "Content-Type"), "application/json");
    EXPECT_EQ(header(http.seen()[0], "anthropic-beta"), "oauth-2025-04-20");
    EXPECT_EQ(
        http.seen()[0].body,
        R"({"grant_type":"refresh_token","refresh_token":"sk-ant-ort01-planted","client_id":"issued-to-me"})");
}

TEST_F(ClaudeTest, quotes_no_token_when_the_server_repeats_it) {
    http.answer(token_url, 400,
                R"({"error":"invalid_grant","error_description":"sk-ant-ort01-planted is dead"})",
                {{"Request-Id", "req_9"}});
    const auto renewal = claude.renew(profile, session, {});
    ASSERT_TRUE(std::holds_alternative<GrantInvalid>(renewal.outcome));
    EXPECT_EQ(std::get<GrantInvalid>(renewal.outcome).error.what,
              "api.anthropic.com: the token endpoint answered 400 (invalid_grant) [request req_9]");
}

TEST_F(ClaudeTest, does_not_renew_a_key) {
    const auto key = claude.adopt(profile, Secret("sk-ant-api03-key"));
    ASSERT_TRUE(key);
    EXPECT_TRUE(std::holds_alternative<GrantInvalid>(claude.renew(profile, *key, {}).outcome));
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(ClaudeTest, tells_keys_from_tokens_by_how_they_begin) {
    EXPECT_EQ(claude.adopt(profile, Secret("sk-ant-api03-x"))->kind, Credential::Kind::api_key);
    EXPECT_EQ(claude.adopt(profile, Secret("sk-ant-admin01-x"))->kind, Credential::Kind::api_key);
    const auto token = claude.adopt(profile, Secret("sk-ant-oat01-x"));
    EXPECT_EQ(token->kind, Credential::Kind::bearer);
    EXPECT_FALSE(token->renewable());
    EXPECT_FALSE(token->lifespan);
}

TEST_F(ClaudeTest, quotes_nothing_of_what_it_does_not_know) {
    for (const auto* const text : {"planted", "sk-ant-ort01-planted", "", "sk-ant-api03 planted",
                                   "sk-ant-api03-planted\n"}) {
        const auto session_of_it = claude.adopt(profile, Secret(text));
        ASSERT_FALSE(session_of_it) << text;
        EXPECT_EQ(session_of_it.error().remedy, Remedy::usage);
        EXPECT_EQ(session_of_it.error().what.find("planted"), std::string::npos);
    }
}

TEST_F(ClaudeTest, takes_an_api_key_and_says_what_anything_else_looks_like) {
    EXPECT_EQ(claude.adopt_key(profile, Secret("sk-ant-api03-x"))->kind, Credential::Kind::api_key);
    const auto complaint = [this](const char* text) {
        const auto refused = claude.adopt_key(profile, Secret(text));
        EXPECT_FALSE(refused) << text;
        EXPECT_EQ(refused.error().remedy, Remedy::usage);
        EXPECT_FALSE(refused.error().what.contains("planted"));
        return refused.error().what + ", " + refused.error().hint;
    };
    const std::string with_token = "hearth login work --with-token keeps it";
    EXPECT_TRUE(
        complaint("sk-ant-oat01-planted").ends_with("an OAuth access token, " + with_token));
    EXPECT_TRUE(complaint("sk-ant-admin01-planted").ends_with(with_token));
    EXPECT_TRUE(complaint("sk-ant-ort01-planted").contains("a refresh token"));
    EXPECT_TRUE(complaint("sk-ant-cc-planted").contains("the token of a hosted session"));
    EXPECT_TRUE(complaint("sk-proj-planted").contains("another provider"));
    EXPECT_TRUE(complaint("eyJplanted").contains("a JSON web token"));
    for (const auto* const text : {"planted", "", "sk-ant-api", "sk-ant-api03 planted"})
        complaint(text);
}

TEST_F(ClaudeTest, takes_over_the_organization_that_a_renewal_names) {
    session.account.organization_id = "o-1";
    session.account.organization_name = "First";
    session.account.email = "a@b.c";
    const std::string tokens = R"("access_token":"t","token_type":"Bearer","expires_in":60)";
    http.answer(token_url, 200,
                "{" + tokens + R"(,"organization":{"uuid":"o-2","name":"Second"}})");
    http.answer(token_url, 200, "{" + tokens + "}");
    const auto moved = std::get<Renewed>(claude.renew(profile, session, {}).outcome);
    EXPECT_EQ(moved.session.account.organization_id, "o-2");
    EXPECT_EQ(moved.session.account.organization_name, "Second");
    EXPECT_EQ(moved.session.account.email, "a@b.c");
    const auto stayed = std::get<Renewed>(claude.renew(profile, session, {}).outcome);
    EXPECT_EQ(stayed.session.account.organization_id, "o-1");
}

TEST_F(ClaudeTest, says_that_a_given_token_may_not_tell_whose_it_is) {
    session.refresh_token.reset();
    http.answer("https://api.anthropic.com/api/oauth/profile", 403, "");
    const auto facts = claude.whoami(profile, session, {});
    ASSERT_TRUE(facts);
    ASSERT_EQ(facts->size(), 1U);
    EXPECT_EQ((*facts)[0].name, "account");
}

TEST_F(ClaudeTest, signs_out_without_a_request_because_none_is_documented) {
    EXPECT_TRUE(claude.revoke(profile, session, {}));
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(ClaudeTest, asks_the_profile_endpoint_who_this_is_and_shows_what_it_says) {
    http.answer(
        "https://api.anthropic.com/api/oauth/profile", 200,
        R"({"account":{"uuid":"a-1","email":"a@b.c"},)"
        R"("organization":{"name":"Org","organization_type":"claude_max","rate_limit_tier":"default_x"},"new":[1]})");
    const auto facts = claude.whoami(profile, session, {});
    ASSERT_TRUE(facts);
    std::string shown;
    for (const auto& fact : *facts) shown += fact.name + "=" + fact.value + ";";
    EXPECT_EQ(
        shown,
        "email=a@b.c;account=a-1;organization=Org;plan=claude_max;rate limit tier=default_x;");
    EXPECT_EQ(header(http.seen()[0], "Authorization"), "Bearer sk-ant-oat01-planted");
    EXPECT_EQ(header(http.seen()[0], "anthropic-beta"), "oauth-2025-04-20");
}

TEST_F(ClaudeTest, tries_a_key_on_the_list_of_models) {
    const std::string models = "https://api.anthropic.com/v1/models?limit=1";
    http.answer(models, 200, "{}");
    http.answer(models, 401, "", {{"Request-Id", "req_1"}});
    const auto key = claude.adopt(profile, Secret("sk-ant-api03-key"));
    EXPECT_TRUE(claude.whoami(profile, *key, {}));
    EXPECT_EQ(header(http.seen()[0], "x-api-key"), "sk-ant-api03-key");
    EXPECT_EQ(header(http.seen()[0], "anthropic-beta"), "");
    const auto refused = claude.whoami(profile, *key, {});
    EXPECT_EQ(refused.error().remedy, Remedy::sign_in);
    EXPECT_NE(refused.error().what.find("req_1"), std::string::npos);
}

TEST_F(ClaudeTest, does_not_quote_a_server_that_repeats_the_token) {
    http.answer("https://api.anthropic.com/api/oauth/profile", 403,
                R"({"error":"forbidden","error_description":"sk-ant-oat01-planted may not"})",
                {{"Request-Id", "sk-ant-oat01-planted"}});
    const auto facts = claude.whoami(profile, session, {});
    ASSERT_FALSE(facts);
    EXPECT_FALSE(facts.error().what.contains("planted"));
}

TEST_F(ClaudeTest, asks_where_the_profile_says) {
    profile.claude->profile_url = "http://127.0.0.1:7001/me";
    http.answer(profile.claude->profile_url, 403, "");
    const auto facts = claude.whoami(profile, session, {});
    ASSERT_FALSE(facts);
    EXPECT_NE(facts.error().hint.find("user:profile"), std::string::npos);
}

TEST_F(ClaudeTest, checks_the_profile_but_needs_no_client_id_for_keys) {
    EXPECT_TRUE(claude.check(profile));
    profile.claude->console_url = "http://console.example";
    EXPECT_EQ(claude.check(profile).error().remedy, Remedy::refused);
}

}  // namespace
}  // namespace hearth::providers
