// What is asked of IAM Identity Center's OIDC service, and what its answers come to.
#include <gtest/gtest.h>

#include "json/document.hpp"
#include "providers/aws/sso_oidc.hpp"
#include "providers/aws/sso_place.hpp"
#include "providers/aws/sso_token.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_http.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;
using Kind = oauth::TokenFailure::Kind;

constexpr const char* oidc = "https://oidc.eu-west-1.amazonaws.com";
constexpr const char* registration = "https://oidc.eu-west-1.amazonaws.com/client/register";
constexpr const char* device = "https://oidc.eu-west-1.amazonaws.com/device_authorization";
constexpr const char* token = "https://oidc.eu-west-1.amazonaws.com/token";
constexpr const char* start_url = "https://corp.awsapps.com/start";
constexpr const char* client_secret = "the-secret-of-the-client";
constexpr const char* refresh_token = "the-refresh-token-itself";

TEST(SsoPlace, is_a_host_of_the_regions_partition) {
    const auto place = sso_place("eu-west-1", "", "");
    ASSERT_TRUE(place);
    EXPECT_EQ(place->oidc, "https://oidc.eu-west-1.amazonaws.com");
    EXPECT_EQ(place->portal, "https://portal.sso.eu-west-1.amazonaws.com");
    EXPECT_EQ(sso_place("cn-north-1", "", "")->oidc, "https://oidc.cn-north-1.amazonaws.com.cn");
}

TEST(SsoPlace, is_where_the_profile_says) {
    const auto place = sso_place("eu-west-1", "http://127.0.0.1:1/oidc/", "");
    ASSERT_TRUE(place);
    EXPECT_EQ(place->oidc, "http://127.0.0.1:1/oidc");
    EXPECT_EQ(place->portal, "https://portal.sso.eu-west-1.amazonaws.com");
}

TEST(SsoPlace, is_no_host_that_is_made_of_something_else_than_a_region) {
    const auto place = sso_place("eu-west-1.example.com/", "", "");
    ASSERT_FALSE(place);
    EXPECT_EQ(place.error().remedy, Remedy::usage);
    EXPECT_EQ(place.error().hint, "check sso_region; for another one, set sso_oidc_endpoint");
}

TEST(SsoPlace, by_plain_http_is_on_this_machine_alone) {
    const auto place = sso_place("eu-west-1", "", "http://portal.example.com");
    ASSERT_FALSE(place);
    EXPECT_EQ(place.error().remedy, Remedy::refused);
    EXPECT_NE(place.error().what.find("sso_portal_endpoint"), std::string::npos);
}

class SsoServices : public ::testing::Test {
  protected:
    static SsoClient client() {
        return {.id = "client", .secret = Secret(client_secret), .expires_at = {}};
    }
    static SsoGrant renewal() { return SsoRefresh{Secret(refresh_token)}; }
    oauth::TokenAnswer ask(const SsoGrant& grant) {
        return ask_sso_token(http, clock, token, client(), grant, {});
    }
    oauth::TokenFailure failure(const SsoGrant& grant) {
        auto answer = ask(grant);
        EXPECT_FALSE(answer.outcome);
        return answer.outcome ? oauth::TokenFailure{} : std::move(answer.outcome).error();
    }
    json::Document sent(const std::string& url) {
        return json::Document::parse(http.seen(url).at(0).body).value();
    }
    void refuse(const std::string& url, int status, const std::string& exception,
                const std::string& body) {
        http.answer(url, status, body,
                    {{"x-amzn-ErrorType", exception}, {"x-amzn-RequestId", "request-1"}});
    }

    testing::FakeHttp http;
    testing::FakeClock clock;
};

TEST_F(SsoServices, register_a_public_client_for_the_code_grant) {
    http.answer(registration, 200,
                R"({"clientId":"c","clientSecret":"s","clientSecretExpiresAt":1807776000})");
    const auto made = register_sso_client(http, oidc,
                                          {.redirect_uri = "http://127.0.0.1/oauth/callback",
                                           .start_url = start_url,
                                           .scopes = Scopes::parse("sso:account:access").value()},
                                          {});
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->id, "c");
    EXPECT_EQ(made->secret.reveal(), "s");
    EXPECT_EQ(to_rfc3339(made->expires_at.value()), "2027-04-15T08:00:00Z");

    const auto body = sent(registration);
    EXPECT_EQ(body.text("clientType"), "public");
    EXPECT_EQ(body.text("issuerUrl"), start_url);
    EXPECT_EQ(body.texts("redirectUris"),
              std::vector<std::string>{"http://127.0.0.1/oauth/callback"});
    EXPECT_EQ(body.texts("scopes"), std::vector<std::string>{"sso:account:access"});
    EXPECT_EQ(body.texts("grantTypes"),
              (std::vector<std::string>{"authorization_code", "refresh_token"}));
    EXPECT_EQ(http.seen().at(0).method, "POST");
}

TEST_F(SsoServices, register_a_device_without_a_redirect) {
    http.answer(registration, 200, R"({"clientId":"c","clientSecret":"s"})");
    const auto made = register_sso_client(
        http, oidc, {.redirect_uri = {}, .start_url = start_url, .scopes = {}}, {});
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->expires_at) << "zero and silence are no end";
    EXPECT_FALSE(sent(registration).has("redirectUris"));
    EXPECT_EQ(sent(registration).texts("grantTypes").at(0),
              "urn:ietf:params:oauth:grant-type:device_code");
}

TEST_F(SsoServices, that_give_no_client_register_none) {
    http.answer(registration, 200, R"({"clientId":"c"})");
    const auto made = register_sso_client(http, oidc, {}, {});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().remedy, Remedy::failed);
}

TEST_F(SsoServices, in_another_region_are_named_by_the_error) {
    refuse(registration, 400, "InvalidRequestRegionException",
           R"({"error_description":"wrong region","region":"eu-central-1","endpoint":"x"})");
    const auto made = register_sso_client(http, oidc, {}, {});
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().remedy, Remedy::usage);
    EXPECT_EQ(made.error().hint, "set sso_region = \"eu-central-1\" in the profile");
    EXPECT_NE(made.error().what.find("(InvalidRequestRegionException: wrong region) [request "
                                     "request-1]"),
              std::string::npos);
}

TEST_F(SsoServices, say_what_to_change_for_each_refusal_of_settings) {
    const std::map<std::string, std::string> steps{
        {"InvalidRequestException", "check sso_start_url and sso_region of the profile"},
        {"InvalidScopeException", "check scopes of the profile"},
        {"InvalidRedirectUriException", "sign in by hearth login --device"},
        {"InvalidClientMetadataException", "sign in by hearth login --device"},
    };
    for (const auto& [exception, step] : steps) {
        testing::FakeHttp fresh;
        fresh.answer(registration, 400, "{}", {{"x-amzn-ErrorType", exception + ":http://x/"}});
        const auto made = register_sso_client(fresh, oidc, {}, {});
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().hint, step) << exception;
        EXPECT_EQ(made.error().remedy, Remedy::usage) << exception;
    }
}

TEST_F(SsoServices, give_a_code_for_another_device) {
    http.answer(device, 200,
                R"({"deviceCode":"d","userCode":"ABCD-EFGH","verificationUri":"https://v.example/",
                    "verificationUriComplete":"https://v.example/?user_code=ABCD-EFGH",
                    "expiresIn":600,"interval":1})");
    const auto given = begin_sso_device(http, oidc, client(), start_url, {});
    ASSERT_TRUE(given) << given.error().what;
    EXPECT_EQ(given->user_code, "ABCD-EFGH");
    EXPECT_EQ(given->interval, 1s);
    EXPECT_EQ(given->expires_in, 600s);
    EXPECT_EQ(sent(device).text("clientSecret"), client_secret);
    EXPECT_EQ(sent(device).text("startUrl"), start_url);
}

TEST_F(SsoServices, send_nobody_to_a_page_by_plain_http) {
    http.answer(device, 200,
                R"({"deviceCode":"d","userCode":"A","verificationUri":"http://v.example/"})");
    EXPECT_FALSE(begin_sso_device(http, oidc, client(), start_url, {}));
}

TEST_F(SsoServices, are_not_quoted_with_the_clients_secret) {
    refuse(device, 400, "InvalidRequestException",
           std::string(R"({"error_description":"no: )") + client_secret + R"("})");
    const auto given = begin_sso_device(http, oidc, client(), start_url, {});
    ASSERT_FALSE(given);
    EXPECT_EQ(given.error().what.find("the-secret"), std::string::npos);
    EXPECT_NE(given.error().what.find("InvalidRequestException"), std::string::npos);
}

TEST_F(SsoServices, give_tokens_for_a_code) {
    http.answer(token, 200,
                R"({"accessToken":"a","refreshToken":"r","tokenType":"Bearer","expiresIn":3600})");
    const auto answer = ask(SsoCode{.code = Secret("the-code"),
                                    .redirect_uri = "http://127.0.0.1:5/oauth/callback",
                                    .verifier = Secret("v")});
    ASSERT_TRUE(answer.outcome);
    EXPECT_EQ(answer.outcome->access_token.reveal(), "a");
    EXPECT_EQ(answer.outcome->refresh_token->reveal(), "r");
    EXPECT_EQ(answer.outcome->expires_in, 3600s);
    EXPECT_EQ(answer.outcome->requested_at, clock.now());
    const auto body = sent(token);
    EXPECT_EQ(body.text("grantType"), "authorization_code");
    EXPECT_EQ(body.text("code"), "the-code");
    EXPECT_EQ(body.text("codeVerifier"), "v");
    EXPECT_EQ(body.text("redirectUri"), "http://127.0.0.1:5/oauth/callback");
    EXPECT_EQ(body.text("clientId"), "client");
    EXPECT_EQ(body.text("clientSecret"), client_secret);
}

TEST_F(SsoServices, that_say_that_the_sign_in_is_dead_are_believed) {
    const std::map<std::string, int> dead{{"InvalidGrantException", 400},
                                          {"ExpiredTokenException", 400},
                                          {"UnauthorizedClientException", 400},
                                          {"InvalidClientException", 401}};
    for (const auto& [exception, status] : dead) {
        testing::FakeHttp fresh;
        fresh.answer(token, status, "{}", {{"x-amzn-ErrorType", exception}});
        const auto answer = ask_sso_token(fresh, clock, token, client(), renewal(), {});
        ASSERT_FALSE(answer.outcome);
        EXPECT_EQ(answer.outcome.error().kind, Kind::grant_invalid) << exception;
        EXPECT_EQ(answer.outcome.error().error.remedy, Remedy::sign_in) << exception;
        EXPECT_FALSE(answer.outcome.error().worth_retrying) << exception;
    }
}

TEST_F(SsoServices, that_pass_on_a_refusal_without_an_exception_are_understood_too) {
    http.answer(token, 400, R"({"error":"invalid_grant","error_description":"gone"})");
    const auto refused = failure(renewal());
    EXPECT_EQ(refused.kind, Kind::grant_invalid);
    EXPECT_NE(refused.error.what.find("answered 400 (invalid_grant: gone)"), std::string::npos);
}

TEST_F(SsoServices, that_are_busy_or_broken_are_asked_again) {
    refuse(token, 429, "TooManyRequestsException", "{}");
    refuse(token, 400, "ThrottlingException", "{}");
    refuse(token, 500, "InternalServerException", R"({"error":"server_error"})");
    http.answer(token, 502, "<html>", {{"Retry-After", "7"}});
    for (int i = 0; i < 4; ++i) {
        const auto busy = failure(renewal());
        EXPECT_EQ(busy.kind, Kind::not_done);
        EXPECT_TRUE(busy.worth_retrying);
        EXPECT_EQ(busy.error.remedy, Remedy::unreachable) << busy.error.what;
        EXPECT_EQ(busy.retry_after, i == 3 ? std::optional<Span>(7s) : std::nullopt);
    }
}

TEST_F(SsoServices, that_deny_access_are_not_asked_again) {
    refuse(token, 400, "AccessDeniedException", R"({"error":"access_denied","reason":"x"})");
    const auto denied = failure(renewal());
    EXPECT_EQ(denied.kind, Kind::not_done);
    EXPECT_FALSE(denied.worth_retrying);
    EXPECT_EQ(denied.error.hint, "ask whoever administers IAM Identity Center for access");
}

TEST_F(SsoServices, that_do_not_answer_may_have_renewed_or_not) {
    http.fail(token, HttpFailure::Stage::not_sent);
    http.fail(token, HttpFailure::Stage::no_answer);
    EXPECT_EQ(failure(renewal()).kind, Kind::not_done);
    EXPECT_EQ(failure(renewal()).kind, Kind::answer_lost);
}

TEST_F(SsoServices, that_answer_without_a_usable_token_may_have_renewed) {
    for (const auto* const body :
         {"{}", "[]", R"({"accessToken":"a b"})", R"({"accessToken":"a","tokenType":"DPoP"})"}) {
        testing::FakeHttp fresh;
        fresh.answer(token, 200, body);
        const auto answer = ask_sso_token(fresh, clock, token, client(), renewal(), {});
        ASSERT_FALSE(answer.outcome) << body;
        EXPECT_EQ(answer.outcome.error().kind, Kind::answer_lost) << body;
    }
}

TEST_F(SsoServices, are_not_quoted_with_the_refresh_token) {
    refuse(
        token, 400, "InvalidGrantException",
        std::string(R"({"error":"invalid_grant","error_description":")") + refresh_token + R"("})");
    EXPECT_EQ(failure(renewal()).error.what.find("the-refresh"), std::string::npos);
}

TEST_F(SsoServices, by_plain_http_beyond_this_machine_are_not_asked) {
    const auto answer =
        ask_sso_token(http, clock, "http://oidc.example.com/token", client(), renewal(), {});
    ASSERT_FALSE(answer.outcome);
    EXPECT_FALSE(answer.outcome.error().worth_retrying);
    EXPECT_TRUE(http.seen().empty());
}

}  // namespace
}  // namespace hearth::providers::aws
