#include "oauth/authorization_request.hpp"

#include <gtest/gtest.h>

namespace hearth::oauth {
namespace {

AuthorizationRequest request(std::string_view scopes = "openid") {
    AuthorizationRequest made;
    made.endpoint = "https://login.example/authorize";
    made.client_id = "client 1";
    made.redirect_uri = "http://127.0.0.1:8400/callback";
    made.scopes = Scopes::parse(scopes).value();
    made.state = "st";
    made.challenge = "ch";
    return made;
}

TEST(AuthorizationRequest, has_what_the_rfcs_ask_for) {
    EXPECT_EQ(request().url(),
              "https://login.example/authorize?response_type=code&client_id=client%201"
              "&redirect_uri=http%3A%2F%2F127.0.0.1%3A8400%2Fcallback&scope=openid&state=st"
              "&code_challenge=ch&code_challenge_method=S256");
}

TEST(AuthorizationRequest, keeps_the_query_that_the_endpoint_has) {
    auto made = request();
    made.endpoint = "https://login.example/authorize?tenant=a";
    EXPECT_TRUE(
        made.url()->starts_with("https://login.example/authorize?tenant=a&response_type=code&"));
}

TEST(AuthorizationRequest, asks_for_consent_when_it_asks_for_offline_access) {
    EXPECT_TRUE(request("openid offline_access").url()->ends_with("&prompt=consent"));
    auto made = request("openid offline_access");
    made.extra = {{"prompt", "login consent"}};
    EXPECT_TRUE(made.url()->ends_with("&prompt=login%20consent"));
    EXPECT_EQ(made.url()->find("prompt=consent"), std::string::npos);
}

TEST(AuthorizationRequest, names_every_resource_and_the_nonce) {
    auto made = request();
    made.nonce = "n";
    made.resources = {"https://a.example/", "https://b.example/"};
    EXPECT_TRUE(made.url()->ends_with(
        "&nonce=n&resource=https%3A%2F%2Fa.example%2F&resource=https%3A%2F%2Fb.example%2F"));
}

TEST(AuthorizationRequest, lets_nobody_replace_its_own_parameters) {
    for (const auto* const name : {"state", "redirect_uri", "code_challenge", "client_id"}) {
        auto made = request();
        made.extra = {{name, "x"}};
        ASSERT_FALSE(made.url()) << name;
        EXPECT_EQ(made.url().error().remedy, Remedy::usage);
    }
}

}  // namespace
}  // namespace hearth::oauth
