#include <boost/json/array.hpp>

#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

using boost::json::array;
using boost::json::object;

// A program that signs people in to Identity Center; nobody says yes unless the test does.
class AwsSso : public CloudVisit {
  protected:
    void SetUp() override {
        auto settings = defaults();
        settings.auto_approve = false;
        settings.devices.approve_after_polls.reset();
        given(settings);
        start_url = settings.origin + "/start";
    }

    Response call(const std::string& name, const object& body) {
        return post_json("/aws/oidc/" + name, body);
    }
    // As the AWS CLI registers, and what comes over that.
    object registration(const object& changes = {}) {
        object body{{"clientName", "a program"},
                    {"clientType", "public"},
                    {"scopes", array{"sso:account:access"}},
                    {"grantTypes", array{"authorization_code", "refresh_token",
                                         "urn:ietf:params:oauth:grant-type:device_code"}},
                    {"redirectUris", array{"http://127.0.0.1/oauth/callback"}}};
        for (const auto& change : changes) body[change.key()] = change.value();
        return body;
    }
    std::string exception(const Response& response) {
        return std::string(response.header("x-amzn-ErrorType"));
    }
    std::string refused(const object& changes) {
        return exception(call("client/register", registration(changes)));
    }
    object client() { return json(call("client/register", registration())); }
    static object credentials(const object& client) {
        return {{"clientId", client.at("clientId")}, {"clientSecret", client.at("clientSecret")}};
    }
    object token_request(const object& client, const std::string& code) {
        auto body = credentials(client);
        body["grantType"] = "authorization_code";
        body["code"] = code;
        body["redirectUri"] = "http://127.0.0.1:4321/oauth/callback";
        body["codeVerifier"] = verifier;
        return body;
    }
    Response page(const object& client, const std::string& scopes) {
        return get("/aws/oidc/authorize", {{"response_type", "code"},
                                           {"client_id", text(client, "clientId")},
                                           {"redirect_uri", "http://127.0.0.1:4321/oauth/callback"},
                                           {"state", "here"},
                                           {"code_challenge_method", "S256"},
                                           {"code_challenge", challenge},
                                           {"scopes", scopes}});
    }
    Response decide(const Response& shown, const std::string& decision) {
        return post(
            "/consent",
            {{"ticket", field(shown, "ticket")}, {"username", "kim"}, {"decision", decision}});
    }
    object device(const object& client) {
        auto body = credentials(client);
        body["startUrl"] = start_url;
        return json(call("device_authorization", body));
    }
    Response poll(const object& client, const object& device) {
        auto body = credentials(client);
        body["grantType"] = "urn:ietf:params:oauth:grant-type:device_code";
        body["deviceCode"] = device.at("deviceCode");
        return call("token", body);
    }

    std::string start_url;
};

TEST_F(AwsSso, page_says_what_is_asked_for_and_a_yes_brings_a_code) {
    const auto known = client();
    const auto shown = page(known, "sso:account:access");
    EXPECT_NE(shown.body.find("See your AWS accounts and roles"), std::string::npos);
    const auto answer = decide(shown, "allow");
    EXPECT_EQ(redirected(answer, "state"), "here");
    EXPECT_EQ(redirected(answer, "iss"), "");
    const auto tokens = json(call("token", token_request(known, redirected(answer, "code"))));
    EXPECT_EQ(text(tokens, "tokenType"), "Bearer");
    EXPECT_FALSE(text(tokens, "refreshToken").empty());
}

TEST_F(AwsSso, page_brings_an_error_back_when_the_person_says_no_or_the_scope_is_unknown) {
    const auto known = client();
    EXPECT_EQ(redirected(decide(page(known, "sso:account:access"), "deny"), "error"),
              "access_denied");
    EXPECT_EQ(redirected(page(known, "openid"), "error"), "invalid_scope");
}

TEST_F(AwsSso, code_is_for_its_own_token_endpoint_alone) {
    const auto known = client();
    const auto code = redirected(decide(page(known, ""), "allow"), "code");
    const auto elsewhere = post("/token", {{"grant_type", "authorization_code"},
                                           {"client_id", text(known, "clientId")},
                                           {"client_secret", text(known, "clientSecret")},
                                           {"code", code},
                                           {"redirect_uri", "http://127.0.0.1:4321/oauth/callback"},
                                           {"code_verifier", verifier}});
    EXPECT_EQ(error_of(elsewhere), "invalid_client");
    EXPECT_EQ(call("token", token_request(known, code)).status, 200);
}

TEST_F(AwsSso, device_waits_slows_down_and_is_told_the_decision) {
    const auto known = client();
    const auto first = device(known);
    EXPECT_EQ(exception(poll(known, first)), "AuthorizationPendingException");
    EXPECT_EQ(exception(poll(known, first)), "SlowDownException");
    EXPECT_EQ(error_of(poll(known, first)), "slow_down");
    decide(post("/device", {{"user_code", text(first, "userCode")}}), "allow");
    pass(seconds(60));
    EXPECT_EQ(poll(known, first).status, 200);
    EXPECT_EQ(exception(poll(known, first)), "InvalidGrantException");

    const auto second = device(known);
    decide(post("/device", {{"user_code", text(second, "userCode")}}), "deny");
    EXPECT_EQ(exception(poll(known, second)), "AccessDeniedException");
    const auto third = device(known);
    pass(seconds(601));
    EXPECT_EQ(exception(poll(known, third)), "ExpiredTokenException");
}

TEST_F(AwsSso, registration_is_judged_part_by_part) {
    EXPECT_EQ(refused({{"clientType", "confidential"}}), "InvalidClientMetadataException");
    EXPECT_EQ(refused({{"clientName", ""}}), "InvalidClientMetadataException");
    EXPECT_EQ(refused({{"grantTypes", array{"password"}}}), "InvalidClientMetadataException");
    EXPECT_EQ(refused({{"scopes", array{"openid"}}}), "InvalidScopeException");
    EXPECT_EQ(refused({{"redirectUris", array{}}}), "InvalidRedirectUriException");
    EXPECT_EQ(refused({{"redirectUris", array{"http://example.com/back"}}}),
              "InvalidRedirectUriException");
    EXPECT_EQ(refused({{"issuerUrl", "https://elsewhere.example/start"}}),
              "InvalidRequestException");
    EXPECT_EQ(refused({{"issuerUrl", start_url + "/#"}}), "");
}

TEST_F(AwsSso, client_is_held_to_the_grants_it_registered_and_to_its_time) {
    auto body = registration({{"grantTypes", array{"authorization_code"}}});
    const auto narrow = json(call("client/register", body));
    auto asked = credentials(narrow);
    asked["startUrl"] = start_url;
    EXPECT_EQ(exception(call("device_authorization", asked)), "UnauthorizedClientException");
    const auto known = client();
    pass(seconds(90L * 24 * 3600));
    const auto late = call("device_authorization", credentials(known));
    EXPECT_EQ(late.status, 401);
    EXPECT_EQ(exception(late), "InvalidClientException");
}

}  // namespace hearth::sandbox::testing
