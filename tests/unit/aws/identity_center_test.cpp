#include "providers/aws/identity_center.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "unit/providers/provider_fixture.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;

constexpr const char* start_url = "https://corp.awsapps.com/start#/";
const std::string oidc = "https://oidc.eu-west-1.amazonaws.com";
const std::string logout = "https://portal.sso.eu-west-1.amazonaws.com/logout";
constexpr const char* tokens =
    R"({"accessToken":"access-1","refreshToken":"refresh-1","tokenType":"Bearer",
        "expiresIn":28800})";

class IdentityCenterSignIn : public ProviderTest {
  protected:
    IdentityCenterSignIn() {
        profile.aws->sso_start_url = start_url;
        profile.aws->sso_region = "eu-west-1";
        http.answer(oidc + "/client/register", 200,
                    R"({"clientId":"client","clientSecret":"client-secret",
                        "clientSecretExpiresAt":1807776000})");
        http.answer(oidc + "/device_authorization", 200,
                    R"({"deviceCode":"device-code","userCode":"ABCD-EFGH",
                        "verificationUri":"https://device.example/",
                        "verificationUriComplete":"https://device.example/?c=ABCD-EFGH",
                        "expiresIn":600,"interval":1})");
        http.answer_with(oidc + "/token", [this](const auto&) -> testing::FakeHttp::Answer {
            return HttpResponse{
                .status = token_status, .headers = {}, .body = Secret(token_answer)};
        });
    }
    void given_token_answer(int status, const std::string& body) {
        token_status = status;
        token_answer = body;
    }
    void given_browser_brings(const std::string& parameters) {
        person.on_show = [this, parameters](const Prompt& prompt) {
            const auto* const open = std::get_if<OpenBrowser>(&prompt);
            if (open == nullptr) return;
            opened = open->url;
            browser.come_back("/oauth/callback?" + parameters +
                              "&state=" + testing::parameter(opened, "state"));
        };
    }
    Result<Session> sign_in(SignInWay way = SignInWay::browser) {
        return sign_in_to_identity_center(ports, profile, {.way = way}, person, stop.get_token());
    }
    json::Document sent(const std::string& path) {
        return json::Document::parse(http.seen(oidc + path).back().body).value();
    }
    Session signed_in() {
        given_browser_brings("code=the-code");
        return sign_in().value();
    }
    Renewal renew(const Session& session) { return renew_identity_center(ports, session, {}); }

    Profile profile = profile_of("aws");
    int token_status = 200;
    std::string token_answer = tokens;
};

TEST_F(IdentityCenterSignIn, in_a_browser_gives_a_session_that_can_be_renewed) {
    const auto session = signed_in();
    EXPECT_EQ(session.provider, "aws");
    EXPECT_EQ(session.kind, Credential::Kind::bearer);
    EXPECT_FALSE(session.unattended);
    EXPECT_EQ(session.access_token.reveal(), "access-1");
    EXPECT_EQ(session.refresh_token->reveal(), "refresh-1");
    EXPECT_EQ(session.lifespan->lifetime, 8h);
    EXPECT_EQ(session.client_id, "client");
    EXPECT_EQ(session.client_secret->reveal(), "client-secret");
    EXPECT_EQ(session.token_endpoint, oidc + "/token");
    EXPECT_EQ(session.revocation_endpoint, logout);
    EXPECT_EQ(session.facts.at(registration_fact), "2027-04-15T08:00:00Z");
    EXPECT_EQ(session.facts.at(sso_region_fact), "eu-west-1");
    EXPECT_EQ(session.facts.at(sso_start_url_fact), start_url);
}

TEST_F(IdentityCenterSignIn, sends_the_browser_where_the_aws_cli_would) {
    signed_in();
    EXPECT_TRUE(opened.starts_with(oidc + "/authorize?"));
    EXPECT_EQ(testing::parameter(opened, "response_type"), "code");
    EXPECT_EQ(testing::parameter(opened, "client_id"), "client");
    EXPECT_EQ(testing::parameter(opened, "scopes"), "sso%3Aaccount%3Aaccess");
    EXPECT_EQ(testing::parameter(opened, "scope"), "");
    EXPECT_EQ(testing::parameter(opened, "code_challenge_method"), "S256");
    EXPECT_EQ(testing::parameter(opened, "redirect_uri"),
              "http%3A%2F%2F127.0.0.1%3A49321%2Foauth%2Fcallback");
    EXPECT_EQ(sent("/client/register").texts("redirectUris").at(0),
              "http://127.0.0.1/oauth/callback");
    EXPECT_EQ(sent("/token").text("codeVerifier").size(), 64U);
    EXPECT_EQ(sent("/token").text("redirectUri"), "http://127.0.0.1:49321/oauth/callback");
}

TEST_F(IdentityCenterSignIn, ends_on_a_page_that_says_so) {
    signed_in();
    EXPECT_EQ(browser.page().status, 200);
    EXPECT_NE(browser.page().body.find("signed in"), std::string::npos);
    EXPECT_FALSE(callbacks.listening());
}

TEST_F(IdentityCenterSignIn, that_is_refused_tells_the_browser) {
    given_token_answer(400, R"({"error":"invalid_grant"})");
    given_browser_brings("code=the-code");
    const auto session = sign_in();
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().remedy, Remedy::sign_in);
    EXPECT_NE(browser.page().body.find("invalid_grant"), std::string::npos);
}

TEST_F(IdentityCenterSignIn, on_another_device_shows_a_code_and_waits) {
    waiter.on_wait = [this] {
        if (waiter.waits.size() == 1)
            given_token_answer(400, R"({"error":"authorization_pending"})");
        if (waiter.waits.size() == 2) given_token_answer(400, R"({"error":"slow_down"})");
        if (waiter.waits.size() == 3) given_token_answer(200, tokens);
    };
    const auto session = sign_in(SignInWay::device);
    ASSERT_TRUE(session) << session.error().what;
    EXPECT_EQ(session->access_token.reveal(), "access-1");
    const auto codes = person.all<ShowCode>();
    ASSERT_EQ(codes.size(), 1U);
    EXPECT_EQ(codes[0].user_code, "ABCD-EFGH");
    EXPECT_EQ(codes[0].verification_uri_complete, "https://device.example/?c=ABCD-EFGH");
    EXPECT_EQ(waiter.waits, (std::vector<Span>{1s, 1s, 6s}));
    EXPECT_EQ(sent("/token").text("deviceCode"), "device-code");
    EXPECT_EQ(sent("/device_authorization").text("startUrl"), start_url);
}

TEST_F(IdentityCenterSignIn, on_another_device_that_is_refused_there_has_failed) {
    given_token_answer(400, R"({"error":"access_denied"})");
    const auto session = sign_in(SignInWay::device);
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().remedy, Remedy::sign_in);
}

TEST_F(IdentityCenterSignIn, needs_a_start_url_and_a_region) {
    profile.aws->sso_region.clear();
    EXPECT_EQ(sign_in().error().hint, "set sso_region to the region of your IAM Identity Center");
    profile.aws->sso_region = "nowhere";
    EXPECT_EQ(sign_in().error().remedy, Remedy::usage);
    profile.aws->sso_region = "eu-west-1";
    profile.aws->sso_start_url = "http://corp.example.com/start";
    EXPECT_EQ(sign_in().error().remedy, Remedy::refused);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(IdentityCenterSignIn, is_renewed_by_its_refresh_token_and_its_registration) {
    const auto session = signed_in();
    given_token_answer(200, R"({"accessToken":"access-2","expiresIn":3600})");
    const auto renewal = renew(session);
    const auto* const renewed = std::get_if<Renewed>(&renewal.outcome);
    ASSERT_NE(renewed, nullptr);
    EXPECT_EQ(renewed->session.access_token.reveal(), "access-2");
    EXPECT_EQ(renewed->session.refresh_token->reveal(), "refresh-1")
        << "an answer without one leaves the old one";
    EXPECT_EQ(renewed->session.facts, session.facts);
    EXPECT_EQ(sent("/token").text("grantType"), "refresh_token");
    EXPECT_EQ(sent("/token").text("refreshToken"), "refresh-1");
    EXPECT_EQ(sent("/token").text("clientSecret"), "client-secret");
}

TEST_F(IdentityCenterSignIn, whose_registration_has_ended_is_over_without_a_request) {
    const auto session = signed_in();
    clock.advance(24h * 91);
    const auto asked = http.seen().size();
    const auto renewal = renew(session);
    const auto* const over = std::get_if<GrantInvalid>(&renewal.outcome);
    ASSERT_NE(over, nullptr);
    EXPECT_EQ(over->error.remedy, Remedy::sign_in);
    EXPECT_NE(over->error.what.find("registration"), std::string::npos);
    EXPECT_EQ(http.seen().size(), asked);
}

TEST_F(IdentityCenterSignIn, without_a_refresh_token_lasts_until_it_expires) {
    auto session = signed_in();
    session.refresh_token.reset();
    const auto renewal = renew(session);
    EXPECT_TRUE(std::holds_alternative<GrantInvalid>(renewal.outcome));
}

TEST_F(IdentityCenterSignIn, is_ended_at_the_portal) {
    const auto session = signed_in();
    http.answer(logout, 200, "");
    ASSERT_TRUE(sign_out_of_identity_center(http, session, {}));
    EXPECT_EQ(http.seen().back().method, "POST");
    EXPECT_EQ(http.seen().back().headers.back().value, "access-1");
}

TEST_F(IdentityCenterSignIn, that_was_over_already_is_ended) {
    const auto session = signed_in();
    http.answer(logout, 401, "{}", {{"x-amzn-ErrorType", "UnauthorizedException"}});
    EXPECT_TRUE(sign_out_of_identity_center(http, session, {}));
}

TEST_F(IdentityCenterSignIn, that_cannot_be_ended_now_is_not_called_ended) {
    const auto session = signed_in();
    http.answer(logout, 503, "{}");
    const auto ended = sign_out_of_identity_center(http, session, {});
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().remedy, Remedy::unreachable);
}

}  // namespace
}  // namespace hearth::providers::aws
