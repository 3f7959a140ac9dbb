#include "oauth/registration.hpp"

#include <gtest/gtest.h>

#include "json/document.hpp"
#include "support/fake_http.hpp"

namespace hearth::oauth {
namespace {

using testing::FakeHttp;

const std::string url = "https://login.example/register";

Registration registration() {
    return {.endpoint = url,
            .redirect_uris = {"http://127.0.0.1:5000/callback"},
            .scopes = Scopes::parse("openid offline_access").value(),
            .device = false};
}

TEST(Registration, asks_for_a_native_public_client) {
    FakeHttp http;
    http.answer(url, 201, R"({"client_id":"c-1"})");
    const auto client = register_client(http, registration(), {});
    ASSERT_TRUE(client);
    EXPECT_EQ(client->id, "c-1");
    EXPECT_EQ(client->auth, ClientAuth::none);
    const auto sent = json::Document::parse(http.seen()[0].body);
    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->text("application_type"), "native");
    EXPECT_EQ(sent->text("token_endpoint_auth_method"), "none");
    EXPECT_EQ(sent->texts("redirect_uris"),
              std::vector<std::string>{"http://127.0.0.1:5000/callback"});
    EXPECT_EQ(sent->texts("grant_types"),
              (std::vector<std::string>{"authorization_code", "refresh_token"}));
    EXPECT_EQ(sent->texts("response_types"), std::vector<std::string>{"code"});
}

TEST(Registration, asks_for_a_device_client_without_redirects) {
    FakeHttp http;
    http.answer(url, 201, R"({"client_id":"c-1"})");
    auto device = registration();
    device.device = true;
    device.redirect_uris.clear();
    ASSERT_TRUE(register_client(http, device, {}));
    const auto sent = json::Document::parse(http.seen()[0].body);
    EXPECT_TRUE(sent->texts("response_types").empty());
    EXPECT_EQ(sent->texts("grant_types")[0], "urn:ietf:params:oauth:grant-type:device_code");
}

// RFC 7591 section 3.2.1.
TEST(Registration, uses_what_the_server_made_of_it) {
    FakeHttp http;
    http.answer(
        url, 201,
        R"({"client_id":"c-1","client_secret":"s-1","token_endpoint_auth_method":"client_secret_post"})");
    const auto client = register_client(http, registration(), {});
    ASSERT_TRUE(client && client->secret);
    EXPECT_EQ(client->secret->reveal(), "s-1");
    EXPECT_EQ(client->auth, ClientAuth::post);
}

TEST(Registration, tells_what_to_do_when_the_server_refuses) {
    FakeHttp http;
    http.answer(url, 400, R"({"error":"invalid_redirect_uri"})");
    const auto client = register_client(http, registration(), {});
    ASSERT_FALSE(client);
    EXPECT_NE(client.error().what.find("invalid_redirect_uri"), std::string::npos);
    EXPECT_NE(client.error().hint.find("client_id"), std::string::npos);
    FakeHttp empty;
    empty.answer(url, 201, "{}");
    EXPECT_FALSE(register_client(empty, registration(), {}));
}

}  // namespace
}  // namespace hearth::oauth
