#include <boost/json/array.hpp>

#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

class Registration : public CloudVisit {
  protected:
    static boost::json::object native() {
        return {{"client_name", "Test"},
                {"redirect_uris", boost::json::array{"http://127.0.0.1/back"}},
                {"grant_types", boost::json::array{"authorization_code", "refresh_token"}},
                {"token_endpoint_auth_method", "none"}};
    }
    Response register_with(const std::string& name, boost::json::value value) {
        auto metadata = native();
        metadata[name] = std::move(value);
        return post_json("/register", metadata);
    }
};

TEST_F(Registration, gives_a_client_that_can_sign_in) {
    const auto response = post_json("/register", native());
    const auto client = json(response);
    EXPECT_EQ(response.status, 201);
    EXPECT_FALSE(client.contains("client_secret"));
    auto query = with(authorization_query(), "client_id", text(client, "client_id"));
    query = with(query, "redirect_uri", "http://127.0.0.1:999/back");
    auto form = with(exchange_form(redirected(get("/authorize", query), "code")), "client_id",
                     text(client, "client_id"));
    EXPECT_EQ(post("/token", with(form, "redirect_uri", "http://127.0.0.1:999/back")).status, 200);
}

TEST_F(Registration, gives_a_secret_to_who_will_authenticate) {
    const auto client = json(register_with("token_endpoint_auth_method", "client_secret_post"));
    EXPECT_FALSE(text(client, "client_secret").empty());
    EXPECT_EQ(client.at("client_secret_expires_at").as_int64(), 0);
}

TEST_F(Registration, refuses_redirects_that_a_native_app_must_not_have) {
    for (const char* uri : {"http://example.com/back", "https://example.com/#part", "callback",
                            "javascript:alert(1)"})
        EXPECT_EQ(error_of(register_with("redirect_uris", boost::json::array{uri})),
                  "invalid_redirect_uri")
            << uri;
    EXPECT_EQ(error_of(register_with("redirect_uris", boost::json::array{})),
              "invalid_redirect_uri");
}

TEST_F(Registration, refuses_what_the_server_cannot_do) {
    EXPECT_EQ(error_of(register_with("grant_types", boost::json::array{"password"})),
              "invalid_client_metadata");
    EXPECT_EQ(error_of(register_with("response_types", boost::json::array{"token"})),
              "invalid_client_metadata");
    EXPECT_EQ(error_of(register_with("token_endpoint_auth_method", "tls")),
              "invalid_client_metadata");
    EXPECT_EQ(error_of(register_with("client_name", 7)), "invalid_client_metadata");
    EXPECT_EQ(error_of(post("/register", {{"client_name", "form"}})), "invalid_client_metadata");
}

TEST_F(Registration, binds_the_client_to_the_grants_it_named) {
    const auto client =
        json(register_with("grant_types", boost::json::array{"authorization_code"}));
    const auto response = post("/device_authorization", {{"client_id", text(client, "client_id")}});
    EXPECT_EQ(error_of(response), "unauthorized_client");
}

TEST_F(Registration, can_be_switched_off) {
    EXPECT_TRUE(json(get("/.well-known/openid-configuration")).contains("registration_endpoint"));
    auto settings = defaults();
    settings.registration = false;
    given(settings);
    EXPECT_EQ(post_json("/register", native()).status, 403);
    EXPECT_FALSE(json(get("/.well-known/openid-configuration")).contains("registration_endpoint"));
}

}  // namespace hearth::sandbox::testing
