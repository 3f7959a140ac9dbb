#include "providers/oidc/oidc.hpp"

#include "provider_fixture.hpp"
#include "signing/jws.hpp"

namespace hearth::providers {
namespace {

using std::chrono::seconds;

const std::string token_url = "https://login.example/t";

class OidcTest : public ProviderTest {
  protected:
    OidcTest() {
        profile.issuer = "https://login.example";
        profile.client_id = "me";
        session.provider = "oidc";
        session.issuer = "https://login.example";
        session.client_id = "me";
        session.client_auth = "none";
        session.token_endpoint = token_url;
        session.access_token = Secret("old-access");
        session.refresh_token = Secret("old-refresh");
    }
    Renewal renewed() { return oidc.renew(profile, session, {}); }

    Profile profile = profile_of("oidc");
    Session session;
    Oidc oidc{ports};
};

TEST_F(OidcTest, renews_with_exactly_one_request) {
    http.answer(token_url, 200, R"({"access_token":"new","token_type":"Bearer","expires_in":60})");
    profile.resources = {"https://api.example/"};
    const auto renewal = renewed();
    ASSERT_TRUE(std::holds_alternative<Renewed>(renewal.outcome));
    ASSERT_EQ(http.seen().size(), 1U);
    EXPECT_EQ(http.seen()[0].body,
              "grant_type=refresh_token&refresh_token=old-refresh&resource=https%3A%2F%2Fapi."
              "example%2F&client_id=me");
}

TEST_F(OidcTest, renews_with_the_secret_that_the_session_was_issued_with) {
    http.answer(token_url, 200, R"({"access_token":"new","token_type":"Bearer"})");
    session.client_secret = Secret("registered-secret");
    session.client_auth = "client_secret_post";
    renewed();
    EXPECT_EQ(sent(http.seen()[0], "client_secret"), "registered-secret");
    profile.client_secret = "rotated-secret";
    renewed();
    EXPECT_EQ(sent(http.seen()[1], "client_secret"), "rotated-secret");
}

TEST_F(OidcTest, does_not_renew_what_has_no_refresh_token) {
    session.refresh_token.reset();
    EXPECT_TRUE(std::holds_alternative<GrantInvalid>(renewed().outcome));
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(OidcTest, revokes_only_where_the_server_can) {
    EXPECT_TRUE(oidc.revoke(profile, session, {}));
    EXPECT_TRUE(http.seen().empty());
    session.revocation_endpoint = "https://login.example/r";
    http.answer(session.revocation_endpoint, 200, "");
    EXPECT_TRUE(oidc.revoke(profile, session, {}));
    EXPECT_EQ(sent(http.seen()[0], "token"), "old-refresh");
}

TEST_F(OidcTest, asks_userinfo_who_this_is) {
    session.userinfo_endpoint = "https://login.example/u";
    session.account.subject = "u-1";
    http.answer(session.userinfo_endpoint, 200, R"({"sub":"u-1","email":"new@example.com"})");
    const auto facts = oidc.whoami(profile, session, {});
    ASSERT_TRUE(facts);
    EXPECT_EQ(header(http.seen()[0], "Authorization"), "Bearer old-access");
    EXPECT_EQ(facts->at(2).name, "email");
    EXPECT_EQ(facts->at(2).value, "new@example.com");
    testing::FakeHttp refusing;
    refusing.answer(session.userinfo_endpoint, 401, "");
    Ports other{refusing, clock, random, callbacks, waiter};
    EXPECT_EQ(Oidc(other).whoami(profile, session, {}).error().remedy, Remedy::sign_in);
}

TEST_F(OidcTest, does_not_quote_a_server_that_repeats_the_token) {
    session.userinfo_endpoint = "https://login.example/u";
    http.answer(session.userinfo_endpoint, 401,
                R"({"error":"invalid_token","error_description":"unknown: old-access"})");
    const auto facts = oidc.whoami(profile, session, {});
    ASSERT_FALSE(facts);
    EXPECT_TRUE(facts.error().what.contains("invalid_token"));
    EXPECT_FALSE(facts.error().what.contains("old-access"));
}

TEST_F(OidcTest, adopts_a_token_and_reads_its_expiry_where_it_has_one) {
    const auto opaque = oidc.adopt(profile, Secret("opaque"));
    ASSERT_TRUE(opaque);
    EXPECT_FALSE(opaque->lifespan);
    EXPECT_FALSE(opaque->renewable());
    const auto key = signing::Key::generate(signing::KeyKind::p256).value();
    const auto jwt = [&](const std::string& expiry) {
        return Secret(
            signing::sign(R"({"alg":"ES256"})", R"({"exp":)" + expiry + "}", "ES256", key).value());
    };
    EXPECT_EQ(oidc.adopt(profile, jwt("1800000060"))->lifespan->lifetime, seconds(60));
    EXPECT_EQ(oidc.adopt(profile, jwt("1799999999")).error().remedy, Remedy::usage);
    EXPECT_EQ(oidc.adopt(profile, Secret("two words")).error().remedy, Remedy::usage);
    EXPECT_EQ(oidc.adopt(profile, Secret()).error().remedy, Remedy::usage);
}

TEST_F(OidcTest, gives_a_bearer_credential_with_the_sessions_version_and_expiry) {
    session.version = {.lineage = "l", .counter = 2};
    session.lifespan = Lifespan{.issued = clock.now(), .lifetime = seconds(60)};
    const auto credential = oidc.credential(profile, session);
    EXPECT_EQ(credential->token().reveal(), "old-access");
    EXPECT_EQ(credential->version(), session.version);
    EXPECT_EQ(credential->profile(), "work");
    EXPECT_EQ(credential->expires_at(), std::chrono::sys_seconds(seconds(1'800'000'060)));
}

TEST_F(OidcTest, says_what_is_wrong_with_a_profile) {
    EXPECT_TRUE(oidc.check(profile));
    const auto wrong = [this](auto change) {
        auto changed = profile;
        change(changed);
        return !oidc.check(changed).has_value();
    };
    EXPECT_TRUE(wrong([](Profile& one) { one.issuer.clear(); }));
    EXPECT_TRUE(wrong([](Profile& one) { one.issuer = "http://login.example"; }));
    EXPECT_TRUE(wrong([](Profile& one) { one.client_auth = "client_secret_basic"; }));
    EXPECT_TRUE(wrong([](Profile& one) { one.redirect_uri = "https://example.com/callback"; }));
    EXPECT_TRUE(wrong([](Profile& one) { one.authorize_parameters["state"] = "x"; }));
    EXPECT_TRUE(wrong([](Profile& one) { one.endpoints->token = "ftp://login.example"; }));
    EXPECT_FALSE(wrong([](Profile& one) { one.issuer = "http://127.0.0.1:9000"; }));
}

}  // namespace
}  // namespace hearth::providers
