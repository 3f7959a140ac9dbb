#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

class TokenCare : public CloudVisit {
  protected:
    Response revoke(const std::string& token, const std::string& client = "sandbox") {
        return post("/revoke", {{"token", token}, {"client_id", client}});
    }
    Pairs as_service(Pairs form) {
        form.emplace_back("client_id", "sandbox-secret");
        form.emplace_back("client_secret", cloud->state().clients.find("sandbox-secret")->secret);
        return form;
    }
    boost::json::object introspect(const std::string& token) {
        return json(post("/introspect", as_service({{"token", token}})));
    }
};

TEST_F(TokenCare, revoking_a_refresh_token_ends_all_of_its_family) {
    const auto tokens = sign_in();
    EXPECT_EQ(revoke(text(tokens, "refresh_token")).status, 200);
    EXPECT_EQ(userinfo(text(tokens, "access_token")).status, 401);
    EXPECT_EQ(error_of(refresh(text(tokens, "refresh_token"))), "invalid_grant");
}

TEST_F(TokenCare, revoking_an_access_token_ends_that_one_alone) {
    const auto tokens = sign_in();
    EXPECT_EQ(revoke(text(tokens, "access_token")).status, 200);
    EXPECT_EQ(userinfo(text(tokens, "access_token")).status, 401);
    EXPECT_EQ(refresh(text(tokens, "refresh_token")).status, 200);
}

TEST_F(TokenCare, revoking_an_unknown_token_succeeds) { EXPECT_EQ(revoke("made-up").status, 200); }

TEST_F(TokenCare, revoking_another_clients_token_is_refused_and_changes_nothing) {
    const auto tokens = sign_in();
    const auto response = post("/revoke", as_service({{"token", text(tokens, "refresh_token")}}));
    EXPECT_EQ(error_of(response), "unauthorized_client");
    EXPECT_EQ(refresh(text(tokens, "refresh_token")).status, 200);
}

TEST_F(TokenCare, revoking_needs_a_known_client) {
    EXPECT_EQ(revoke("made-up", "nobody").status, 401);
    EXPECT_EQ(post("/revoke", {{"token", "made-up"}}).status, 401);
}

TEST_F(TokenCare, introspection_describes_a_token_that_can_be_used) {
    const auto reply = introspect(text(sign_in(), "access_token"));
    EXPECT_TRUE(reply.at("active").as_bool());
    EXPECT_EQ(text(reply, "client_id"), "sandbox");
    EXPECT_EQ(text(reply, "scope"), "openid offline_access");
    EXPECT_EQ(reply.at("exp").as_int64(), to_unix(now) + 3600);
}

TEST_F(TokenCare, introspection_says_nothing_but_inactive_of_a_token_that_cannot) {
    const boost::json::object inactive{{"active", false}};
    const auto tokens = sign_in();
    EXPECT_EQ(introspect("made-up"), inactive);
    refresh(text(tokens, "refresh_token"));
    EXPECT_EQ(introspect(text(tokens, "refresh_token")), inactive);
    pass(seconds(3600));
    EXPECT_EQ(introspect(text(tokens, "access_token")), inactive);
}

TEST_F(TokenCare, introspection_by_a_public_client_shows_its_own_tokens_only) {
    const auto own =
        post("/introspect", {{"token", text(sign_in(), "access_token")}, {"client_id", "sandbox"}});
    EXPECT_TRUE(json(own).at("active").as_bool());
    const auto client = json(post_json("/register", {{"redirect_uris", {"http://127.0.0.1/"}},
                                                     {"token_endpoint_auth_method", "none"}}));
    const auto others = post("/introspect", {{"token", text(sign_in(), "access_token")},
                                             {"client_id", text(client, "client_id")}});
    EXPECT_FALSE(json(others).at("active").as_bool());
}

TEST_F(TokenCare, a_resource_becomes_the_audience) {
    const auto query = with(authorization_query(), "resource", "https://api.example/");
    const auto tokens =
        json(post("/token", exchange_form(redirected(get("/authorize", query), "code"))));
    EXPECT_EQ(introspect(text(tokens, "access_token")).at("aud").at(0).as_string(),
              "https://api.example/");
}

TEST_F(TokenCare, userinfo_tells_what_the_scope_allows) {
    const auto plain = json(userinfo(text(sign_in("openid"), "access_token")));
    EXPECT_FALSE(plain.contains("email"));
    const auto more = json(userinfo(text(sign_in("openid email"), "access_token")));
    EXPECT_EQ(text(more, "email"), "robin@sandbox.example");
    EXPECT_EQ(text(more, "sub"), text(plain, "sub"));
}

TEST_F(TokenCare, userinfo_challenges_as_rfc_6750_says) {
    EXPECT_EQ(get("/userinfo").header("WWW-Authenticate"), "Bearer realm=\"hearth-sandbox\"");
    EXPECT_NE(userinfo("made-up").header("WWW-Authenticate").find("error=\"invalid_token\""),
              std::string::npos);
    const auto narrow = userinfo(text(sign_in("profile"), "access_token"));
    EXPECT_EQ(narrow.status, 403);
    EXPECT_NE(narrow.header("WWW-Authenticate").find("insufficient_scope"), std::string::npos);
}

}  // namespace hearth::sandbox::testing
