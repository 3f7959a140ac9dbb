#include "providers/oidc/server.hpp"

#include "provider_fixture.hpp"

namespace hearth::providers {
namespace {

class OidcServer : public ProviderTest {
  protected:
    OidcServer() { profile.issuer = "https://login.example"; }
    void given_metadata(const std::string& more = "") {
        http.answer(
            "https://login.example/.well-known/openid-configuration", 200,
            R"({"issuer":"https://login.example","authorization_endpoint":"https://login.example/a",)"
            R"("token_endpoint":"https://login.example/t","jwks_uri":"https://login.example/k")" +
                more + "}");
    }
    Profile profile = profile_of("oidc");
};

TEST_F(OidcServer, is_discovered_and_the_profiles_endpoints_come_first) {
    given_metadata();
    profile.endpoints->token = "https://other.example/t";
    const auto server = server_of(http, profile, SignInWay::browser, {});
    ASSERT_TRUE(server);
    EXPECT_EQ(server->endpoints.token, "https://other.example/t");
    EXPECT_EQ(server->endpoints.authorization, "https://login.example/a");
}

TEST_F(OidcServer, is_not_asked_when_the_profile_says_everything) {
    profile.client_id = "me";
    *profile.endpoints = {.authorization = "https://login.example/a",
                          .token = "https://login.example/t",
                          .device_authorization = {},
                          .revocation = {},
                          .userinfo = {},
                          .registration = {},
                          .jwks = "https://login.example/k"};
    ASSERT_TRUE(server_of(http, profile, SignInWay::browser, {}));
    EXPECT_TRUE(http.seen().empty());
    EXPECT_FALSE(server_of(http, profile, SignInWay::device, {}))
        << "the device endpoint is left open";
}

TEST_F(OidcServer, is_asked_for_the_scopes_that_it_lists) {
    oauth::ServerMetadata server;
    EXPECT_EQ(scopes_for(profile, server).to_string(), "openid offline_access");
    server.scopes_supported = {"openid", "email"};
    EXPECT_EQ(scopes_for(profile, server).to_string(), "openid");
    profile.scopes = Scopes::parse("api").value();
    EXPECT_EQ(scopes_for(profile, server).to_string(), "api");
}

TEST_F(OidcServer, registers_a_client_only_where_it_can) {
    oauth::ServerMetadata server;
    const auto refused = client_for(http, profile, server, {}, {}, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().remedy, Remedy::usage);
    EXPECT_NE(refused.error().hint.find("client_id"), std::string::npos);
    server.endpoints.registration = "https://login.example/r";
    http.answer("https://login.example/r", 201, R"({"client_id":"c-1"})");
    EXPECT_EQ(client_for(http, profile, server, {}, {"http://127.0.0.1:1/callback"}, {})->id,
              "c-1");
}

TEST_F(OidcServer, is_sent_the_secret_the_way_it_supports) {
    profile.client_id = "me";
    profile.client_secret = "secret";
    oauth::ServerMetadata server;
    EXPECT_EQ(client_for(http, profile, server, {}, {}, {})->auth, oauth::ClientAuth::basic);
    server.client_auth_methods = {"client_secret_post"};
    EXPECT_EQ(client_for(http, profile, server, {}, {}, {})->auth, oauth::ClientAuth::post);
    profile.client_auth = "client_secret_basic";
    EXPECT_EQ(client_for(http, profile, server, {}, {}, {})->auth, oauth::ClientAuth::basic);
}

}  // namespace
}  // namespace hearth::providers
