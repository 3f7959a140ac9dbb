#include "oauth/pkce.hpp"
#include "provider_fixture.hpp"
#include "providers/claude/claude.hpp"

namespace hearth::providers {
namespace {

using std::chrono::seconds;

const std::string token_url = "https://api.anthropic.com/v1/oauth/token";
const std::string profile_url = "https://api.anthropic.com/api/oauth/profile";
constexpr auto tokens =
    R"({"access_token":"sk-ant-oat01-a","refresh_token":"sk-ant-ort01-r","expires_in":28800,)"
    R"("token_type":"Bearer","scope":"user:profile user:inference",)"
    R"("organization":{"uuid":"o-1","name":"Org"},"account":{"uuid":"a-1","email_address":"a@b.c"},)"
    R"("workspace":{"id":"w-1","name":"Default"}})";

class ClaudeSignIn : public ProviderTest {
  protected:
    ClaudeSignIn() { profile.client_id = "issued-to-me"; }
    Result<Session> signed_in(SignInWay way = SignInWay::browser) {
        return Claude(ports).sign_in(profile, {.way = way, .open_browser = true}, person,
                                     stop.get_token());
    }
    void given_paste(std::function<std::string(const std::string& state)> text) {
        person.on_show = [this, text = std::move(text)](const Prompt& prompt) {
            if (const auto* const offer = std::get_if<OfferPaste>(&prompt)) {
                opened = offer->url;
                person.paste(text(testing::parameter(opened, "state")));
            }
        };
    }
    Profile profile = profile_of("claude");
};

TEST_F(ClaudeSignIn, asks_the_console_as_it_wants_to_be_asked) {
    http.answer(token_url, 200, tokens);
    profile.organization = "o-1";
    profile.claude->workspace = "w-1";
    given_browser_brings("code=c-1");
    ASSERT_TRUE(signed_in());
    EXPECT_TRUE(opened.starts_with(
        "https://platform.claude.com/oauth/authorize?response_type=code&client_id=issued-to-me"));
    EXPECT_EQ(testing::parameter(opened, "redirect_uri"),
              "http%3A%2F%2Flocalhost%3A49321%2Fcallback");
    EXPECT_EQ(testing::parameter(opened, "scope"),
              "user%3Aprofile%20user%3Ainference%20user%3Adeveloper");
    EXPECT_EQ(testing::parameter(opened, "state").size(), 43U) << "32 random bytes";
    EXPECT_EQ(testing::parameter(opened, "code_challenge_method"), "S256");
    EXPECT_EQ(testing::parameter(opened, "workspace_id"), "w-1");
    EXPECT_EQ(testing::parameter(opened, "orgUUID"), "o-1");
    EXPECT_EQ(testing::parameter(opened, "nonce"), "");
}

TEST_F(ClaudeSignIn, exchanges_the_code_as_a_form_that_repeats_the_state) {
    http.answer(token_url, 200, tokens);
    given_browser_brings("code=c-1");
    ASSERT_TRUE(signed_in());
    const auto exchange = http.seen(token_url).at(0);
    EXPECT_EQ(header(exchange, "Content-Type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(header(exchange, "anthropic-beta"), "");
    EXPECT_EQ(sent(exchange, "grant_type"), "authorization_code");
    EXPECT_EQ(sent(exchange, "code"), "c-1");
    EXPECT_EQ(sent(exchange, "client_id"), "issued-to-me");
    EXPECT_EQ(sent(exchange, "redirect_uri"), "http://localhost:49321/callback");
    EXPECT_EQ(sent(exchange, "state"), testing::parameter(opened, "state"));
    EXPECT_EQ(sent(exchange, "code_verifier").size(), 86U) << "64 random bytes";
    EXPECT_EQ(oauth::challenge_of(sent(exchange, "code_verifier")),
              testing::parameter(opened, "code_challenge"));
}

TEST_F(ClaudeSignIn, keeps_the_facts_of_the_reply_and_asks_for_the_plan) {
    http.answer(token_url, 200, tokens);
    http.answer(profile_url, 200,
                R"({"account":{"full_name":"Ada"},"organization":{"organization_type":"team"}})");
    given_browser_brings("code=c-1");
    const auto session = signed_in();
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ(session->account.subject, "a-1");
    EXPECT_EQ(session->account.email, "a@b.c");
    EXPECT_EQ(session->account.name, "Ada");
    EXPECT_EQ(session->account.organization_id, "o-1");
    EXPECT_EQ(session->account.organization_name, "Org");
    EXPECT_EQ(session->account.workspace_id, "w-1");
    EXPECT_EQ(session->account.plan, "team");
    EXPECT_EQ(session->scopes.to_string(), "user:profile user:inference");
    EXPECT_EQ(session->lifespan->lifetime, seconds(28800));
    EXPECT_EQ(header(http.seen(profile_url).at(0), "anthropic-beta"), "oauth-2025-04-20");
    EXPECT_NE(browser.page().body.find("You are signed in"), std::string::npos);
}

TEST_F(ClaudeSignIn, takes_a_pasted_code_with_its_state_or_without) {
    http.answer(token_url, 200, tokens);
    given_paste([](const std::string& state) { return "pasted#" + state; });
    ASSERT_TRUE(signed_in());
    const auto exchange = http.seen(token_url).at(0);
    EXPECT_EQ(sent(exchange, "code"), "pasted");
    EXPECT_EQ(sent(exchange, "redirect_uri"), "https://platform.claude.com/oauth/code/callback");
    EXPECT_EQ(testing::parameter(opened, "redirect_uri"),
              "https%3A%2F%2Fplatform.claude.com%2Foauth%2Fcode%2Fcallback");
    given_paste([](const std::string&) { return "bare"; });
    ASSERT_TRUE(signed_in());
    EXPECT_EQ(sent(http.seen(token_url).at(1), "code"), "bare");
}

TEST_F(ClaudeSignIn, repeats_the_manual_redirect_of_the_profile_exactly) {
    http.answer(token_url, 200, tokens);
    profile.manual_redirect_uri = "https://platform.claude.com/oauth/code/callback?app=mine";
    given_paste([](const std::string&) { return "bare"; });
    ASSERT_TRUE(signed_in());
    EXPECT_EQ(sent(http.seen(token_url).at(0), "redirect_uri"), profile.manual_redirect_uri);
}

TEST_F(ClaudeSignIn, refuses_another_organization) {
    http.answer(token_url, 200, tokens);
    profile.organization = "o-2";
    given_browser_brings("code=c-1");
    const auto session = signed_in();
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().remedy, Remedy::refused);
    EXPECT_NE(session.error().what.find("Org"), std::string::npos);
}

TEST_F(ClaudeSignIn, goes_where_the_profile_says) {
    profile.claude->console_url = "http://127.0.0.1:7000/";
    profile.claude->base_url = "http://127.0.0.1:7001";
    http.answer("http://127.0.0.1:7001/v1/oauth/token", 200, tokens);
    given_browser_brings("code=c-1");
    const auto session = signed_in();
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_TRUE(opened.starts_with("http://127.0.0.1:7000/oauth/authorize?"));
    EXPECT_EQ(session->token_endpoint, "http://127.0.0.1:7001/v1/oauth/token");
}

TEST_F(ClaudeSignIn, takes_only_200_for_a_success_and_names_the_request) {
    http.answer(token_url, 400, R"({"error":"oauth_request_parse_error"})",
                {{"Request-Id", "req_7"}});
    given_browser_brings("code=c-1");
    const auto session = signed_in();
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().what,
              "api.anthropic.com: the token endpoint answered 400 (oauth_request_parse_error) "
              "[request req_7]");
}

TEST_F(ClaudeSignIn, without_a_client_id_says_what_is_allowed) {
    profile.client_id.clear();
    const auto session = signed_in();
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().remedy, Remedy::usage);
    for (const auto* const word :
         {"API key", "workload identity federation", "issued to you", "terms"}) {
        EXPECT_NE(session.error().hint.find(word), std::string::npos) << word;
    }
    EXPECT_TRUE(person.shown.empty());
}

TEST_F(ClaudeSignIn, has_no_device_code) {
    EXPECT_EQ(signed_in(SignInWay::device).error().remedy, Remedy::usage);
}

}  // namespace
}  // namespace hearth::providers
