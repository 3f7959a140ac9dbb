#include "oauth/pkce.hpp"
#include "provider_fixture.hpp"
#include "providers/oidc/oidc.hpp"
#include "signing/jws.hpp"

namespace hearth::providers {
namespace {

using std::chrono::seconds;

const std::string issuer = "https://login.example";

class OidcSignIn : public ProviderTest {
  protected:
    OidcSignIn() {
        profile.issuer = issuer;
        profile.client_id = "me";
        http.answer(issuer + "/keys", 200, R"({"keys":[)" + key.public_jwk().value() + "]}");
    }
    void given_metadata(const std::string& more = "") {
        http.answer(
            issuer + "/.well-known/openid-configuration", 200,
            R"({"issuer":"https://login.example","authorization_endpoint":"https://login.example/a",)"
            R"("token_endpoint":"https://login.example/t","jwks_uri":"https://login.example/keys",)"
            R"("device_authorization_endpoint":"https://login.example/d","code_challenge_methods_supported":["S256"],)"
            R"("revocation_endpoint":"https://login.example/r","userinfo_endpoint":"https://login.example/u")" +
                more + "}");
    }
    // The token endpoint checks what a strict server checks, and issues an ID token with the nonce
    // that was sent.
    void given_tokens(const std::string& subject = "u-1", const std::string& audience = "me") {
        http.answer_with(
            issuer + "/t",
            [this, subject, audience](const auto& seen) -> testing::FakeHttp::Answer {
                EXPECT_EQ(oauth::challenge_of(sent(seen, "code_verifier")),
                          testing::parameter(opened, "code_challenge"));
                const auto payload =
                    R"({"iss":"https://login.example","sub":")" + subject + R"(","aud":")" +
                    audience +
                    R"(","email":"a@example.com","exp":1800000300,"iat":1800000000,"nonce":")" +
                    testing::parameter(opened, "nonce") + R"("})";
                const auto id_token =
                    signing::sign(R"({"alg":"ES256"})", payload, "ES256", key).value();
                return HttpResponse{
                    .status = 200,
                    .headers = {{"Content-Type", "application/json"}},
                    .body = Secret(
                        R"({"access_token":"at-1","refresh_token":"rt-1","token_type":"Bearer","expires_in":300,)"
                        R"("id_token":")" +
                        id_token + R"("})")};
            });
    }
    Result<Session> signed_in(SignInWay way = SignInWay::browser) {
        return Oidc(ports).sign_in(profile, {.way = way, .open_browser = true}, person,
                                   stop.get_token());
    }

    Profile profile = profile_of("oidc");
    signing::Key key = signing::Key::generate(signing::KeyKind::p256).value();
};

TEST_F(OidcSignIn, by_browser_gives_a_session_that_renews_by_itself) {
    given_metadata();
    given_tokens();
    http.answer(issuer + "/u", 200, R"({"sub":"u-1","name":"Ada"})");
    given_browser_brings("code=c-1");
    const auto session = signed_in();
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ(session->access_token.reveal(), "at-1");
    EXPECT_EQ(session->refresh_token->reveal(), "rt-1");
    EXPECT_EQ(session->lifespan->lifetime, seconds(300));
    EXPECT_EQ(session->account.subject, "u-1");
    EXPECT_EQ(session->account.email, "a@example.com");
    EXPECT_EQ(session->account.name, "Ada");
    EXPECT_EQ(session->token_endpoint, issuer + "/t");
    EXPECT_EQ(session->revocation_endpoint, issuer + "/r");
    EXPECT_EQ(session->client_id, "me");
    EXPECT_EQ(session->client_auth, "none");
    EXPECT_EQ(session->scopes.to_string(), "openid offline_access");
    EXPECT_NE(browser.page().body.find("You are signed in"), std::string::npos);
    EXPECT_FALSE(callbacks.listening());
}

TEST_F(OidcSignIn, sends_the_browser_where_it_can_come_back_to) {
    given_metadata();
    given_tokens();
    given_browser_brings("code=c-1");
    ASSERT_TRUE(signed_in());
    EXPECT_EQ(testing::parameter(opened, "redirect_uri"),
              "http%3A%2F%2F127.0.0.1%3A49321%2Fcallback");
    EXPECT_EQ(testing::parameter(opened, "state").size(), 43U);
    EXPECT_EQ(testing::parameter(opened, "code_challenge_method"), "S256");
    EXPECT_EQ(testing::parameter(opened, "prompt"), "consent");
    const auto exchange = http.seen(issuer + "/t").at(0);
    EXPECT_EQ(sent(exchange, "redirect_uri"), "http://127.0.0.1:49321/callback");
    EXPECT_EQ(sent(exchange, "code"), "c-1");
    EXPECT_EQ(sent(exchange, "client_id"), "me");
}

TEST_F(OidcSignIn, registers_a_client_with_the_port_it_listens_on) {
    given_metadata(R"(,"registration_endpoint":"https://login.example/reg")");
    http.answer(issuer + "/reg", 201, R"({"client_id":"registered"})");
    given_tokens("u-1", "registered");
    given_browser_brings("code=c-1");
    profile.client_id.clear();
    const auto session = signed_in();
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ(session->client_id, "registered");
    EXPECT_NE(http.seen(issuer + "/reg").at(0).body.find("http://127.0.0.1:49321/callback"),
              std::string::npos);
}

TEST_F(OidcSignIn, refuses_an_id_token_for_somebody_else) {
    given_metadata();
    given_tokens("u-1", "another-client");
    given_browser_brings("code=c-1");
    const auto session = signed_in();
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().remedy, Remedy::refused);
    EXPECT_NE(browser.page().body.find("did not work"), std::string::npos);
}

TEST_F(OidcSignIn, refuses_userinfo_about_somebody_else) {
    given_metadata();
    given_tokens();
    http.answer(issuer + "/u", 200, R"({"sub":"u-2"})");
    given_browser_brings("code=c-1");
    EXPECT_EQ(signed_in().error().remedy, Remedy::refused);
}

TEST_F(OidcSignIn, does_without_userinfo_that_does_not_answer) {
    given_metadata();
    given_tokens();
    http.answer(issuer + "/u", 500, "");
    given_browser_brings("code=c-1");
    EXPECT_EQ(signed_in()->account.email, "a@example.com");
}

TEST_F(OidcSignIn, refuses_an_answer_without_the_issuer_that_was_promised) {
    given_metadata(R"(,"authorization_response_iss_parameter_supported":true)");
    given_tokens();
    given_browser_brings("code=c-1");
    EXPECT_EQ(signed_in().error().remedy, Remedy::refused);
    EXPECT_TRUE(http.seen(issuer + "/t").empty()) << "the code must not be used";
}

TEST_F(OidcSignIn, says_what_the_server_said_when_the_person_refuses) {
    given_metadata();
    given_browser_brings("error=access_denied");
    const auto session = signed_in();
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().remedy, Remedy::sign_in);
    EXPECT_NE(browser.page().body.find("access_denied"), std::string::npos);
}

TEST_F(OidcSignIn, opens_no_browser_when_the_server_cannot_be_reached) {
    EXPECT_EQ(signed_in().error().remedy, Remedy::unreachable);
    EXPECT_TRUE(person.shown.empty());
}

TEST_F(OidcSignIn, by_device_shows_the_code_and_waits) {
    given_metadata();
    http.answer(
        issuer + "/d", 200,
        R"({"device_code":"dc","user_code":"WDJB-MJHT","verification_uri":"https://login.example/activate",)"
        R"("expires_in":900})");
    http.answer(issuer + "/t", 400, R"({"error":"authorization_pending"})");
    http.answer(
        issuer + "/t", 200,
        R"({"access_token":"at-1","token_type":"Bearer","refresh_token":"rt-1","scope":"openid"})");
    http.answer(issuer + "/u", 200, R"({"sub":"u-1","email":"a@example.com"})");
    const auto session = signed_in(SignInWay::device);
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ(session->account.subject, "u-1");
    EXPECT_EQ(session->lifespan->lifetime, seconds(3600)) << "nothing was said";
    EXPECT_EQ(session->scopes.to_string(), "openid");
    EXPECT_EQ(person.all<ShowCode>().at(0).user_code, "WDJB-MJHT");
    EXPECT_EQ(person.all<ShowCode>().at(0).expires_in, profile.sign_in_timeout);
    EXPECT_TRUE(person.all<OpenBrowser>().empty());
}

TEST_F(OidcSignIn, by_device_needs_a_server_that_can) {
    profile.issuer.clear();
    profile.endpoints->authorization = issuer + "/a";
    profile.endpoints->token = issuer + "/t";
    EXPECT_EQ(signed_in(SignInWay::device).error().remedy, Remedy::usage);
}

}  // namespace
}  // namespace hearth::providers
