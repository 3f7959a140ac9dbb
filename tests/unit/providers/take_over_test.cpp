// A sign-in that another program made, as a session of hearth's.
#include "provider_fixture.hpp"
#include "providers/claude/claude.hpp"
#include "providers/grants/held_tokens.hpp"
#include "providers/oidc/oidc.hpp"

namespace hearth::providers {
namespace {

using namespace std::chrono_literals;

const std::string profile_url = "https://api.anthropic.com/api/oauth/profile";
const std::string discovery_url = "https://login.example/.well-known/openid-configuration";
const std::string userinfo_url = "https://login.example/me";

class TakeOver : public ProviderTest {
  protected:
    TakeOver() {
        clock.advance(2h);
        claude_profile.client_id = "issued-to-me";
        oidc_profile.issuer = "https://login.example";
        oidc_profile.client_id = "me";
    }
    HeldTokens held(std::optional<Span> left = 30min) {
        HeldTokens tokens;
        tokens.refresh_token = Secret("held-refresh");
        if (left) {
            tokens.access_token = Secret("held-access");
            tokens.expires_at = clock.now().wall + *left;
        }
        tokens.account.email = "claimed@example.com";
        tokens.account.organization_id = "o-claimed";
        return tokens;
    }
    void given_account(int status = 200) {
        http.answer(profile_url, status,
                    R"({"account":{"uuid":"u-1","email":"robin@example.com"},)"
                    R"("organization":{"uuid":"o-1","name":"Example"}})");
    }
    void given_server(std::string_view more = "") {
        http.answer(discovery_url, 200,
                    R"({"issuer":"https://login.example",)"
                    R"("authorization_endpoint":"https://login.example/a",)"
                    R"("token_endpoint":"https://login.example/t",)"
                    R"("userinfo_endpoint":"https://login.example/me",)"
                    R"("jwks_uri":"https://login.example/k")" +
                        std::string(more) + "}");
    }
    Result<Session> claude_takes(HeldTokens tokens) {
        return claude.take_over(claude_profile, std::move(tokens), {});
    }
    Result<Session> oidc_takes(HeldTokens tokens) {
        return oidc.take_over(oidc_profile, std::move(tokens), {});
    }
    Span left(const Session& session) { return session.lifespan->remaining(clock.now()); }

    Profile claude_profile = profile_of("claude");
    Profile oidc_profile = profile_of("oidc");
    Claude claude{ports};
    Oidc oidc{ports};
};

TEST_F(TakeOver, asks_the_provider_whose_it_is_and_spends_nothing) {
    given_account();
    const auto session = claude_takes(held());
    ASSERT_TRUE(session);
    EXPECT_EQ(session->account.email, "robin@example.com");
    EXPECT_EQ(session->account.organization_id, "o-1");
    EXPECT_EQ(session->refresh_token->reveal(), "held-refresh");
    EXPECT_EQ(session->client_id, "issued-to-me");
    EXPECT_EQ(left(*session), 30min);
    ASSERT_EQ(http.seen().size(), 1U);
    EXPECT_EQ(header(http.seen()[0], "Authorization"), "Bearer held-access");
}

TEST_F(TakeOver, renews_first_what_the_provider_does_not_vouch_for) {
    for (const int status : {401, 403, 503}) {
        given_account(status);
        const auto session = claude_takes(held());
        ASSERT_TRUE(session) << status;
        EXPECT_LE(left(*session), 0ms) << status;
        EXPECT_EQ(session->account.organization_id, "o-claimed") << status;
    }
}

TEST_F(TakeOver, asks_nobody_about_what_has_ended) {
    for (auto ended : {std::optional<Span>(-1s), std::optional<Span>(0s), std::optional<Span>()}) {
        const auto session = claude_takes(held(ended));
        ASSERT_TRUE(session);
        EXPECT_EQ(left(*session), 0ms);
    }
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(TakeOver, refuses_another_organisation_than_the_profile_asks_for) {
    given_account();
    claude_profile.organization = "o-claimed";
    const auto refused = claude_takes(held());
    ASSERT_FALSE(refused) << "the file's word counted more than the provider's";
    EXPECT_EQ(refused.error().remedy, Remedy::refused);
    claude_profile.organization = "o-other";
    EXPECT_FALSE(claude_takes(held(0s)));
}

TEST_F(TakeOver, needs_the_client_that_the_tokens_were_issued_to) {
    claude_profile.client_id.clear();
    oidc_profile.client_id.clear();
    EXPECT_EQ(claude_takes(held()).error().remedy, Remedy::usage);
    EXPECT_EQ(oidc_takes(held()).error().remedy, Remedy::usage);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(TakeOver, finds_an_openid_server_by_its_issuer) {
    given_server();
    http.answer(userinfo_url, 200, R"({"sub":"u-1","email":"robin@example.com"})");
    const auto session = oidc_takes(held());
    ASSERT_TRUE(session);
    EXPECT_EQ(session->token_endpoint, "https://login.example/t");
    EXPECT_EQ(session->account.subject, "u-1");
    EXPECT_EQ(session->client_auth, "none");
    EXPECT_EQ(left(*session), 30min);
}

TEST_F(TakeOver, keeps_the_clients_secret_with_the_session) {
    given_server(R"(,"token_endpoint_auth_methods_supported":["client_secret_post"])");
    auto tokens = held(std::nullopt);
    tokens.client_secret = Secret("held-secret");
    const auto session = oidc_takes(std::move(tokens));
    ASSERT_TRUE(session);
    EXPECT_EQ(session->client_secret->reveal(), "held-secret");
    EXPECT_EQ(session->client_auth, "client_secret_post");
}

TEST_F(TakeOver, renews_first_what_userinfo_refuses) {
    given_server();
    http.answer(userinfo_url, 401, "");
    const auto session = oidc_takes(held());
    ASSERT_TRUE(session);
    EXPECT_LE(left(*session), 0ms);
}

TEST_F(TakeOver, takes_a_short_rest_for_no_short_lifetime) {
    given_account();
    const auto session = claude_takes(held(2min));
    ASSERT_TRUE(session);
    EXPECT_EQ(left(*session), 2min);
    EXPECT_EQ(session->lifespan->lifetime, 1h);
    EXPECT_EQ(session->lifespan->expires_at(), clock.now().wall + 2min);
}

TEST_F(TakeOver, believes_no_file_for_longer_than_a_day) {
    given_account();
    const auto session = claude_takes(held(std::chrono::hours(24 * 365)));
    ASSERT_TRUE(session);
    EXPECT_EQ(left(*session), 24h);
}

TEST(HeldTokens, reach_back_no_further_than_the_machine_has_run) {
    testing::FakeClock clock;
    auto now = clock.now();
    now.boot = 1min;
    HeldTokens tokens;
    tokens.access_token = Secret("a");
    tokens.refresh_token = Secret("r");
    tokens.expires_at = now.wall + 2min;
    Session session;
    take_held(session, std::move(tokens), now);
    EXPECT_EQ(session.lifespan->issued.boot, 0ms);
    EXPECT_EQ(session.lifespan->lifetime, 3min);
    EXPECT_EQ(session.lifespan->remaining(now), 2min);
}

}  // namespace
}  // namespace hearth::providers
