#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

class Authorization : public CloudVisit {
  protected:
    Response ask(const Pairs& query) { return get("/authorize", query); }
    std::string refusal(const std::string& name, const std::string& value) {
        return redirected(ask(with(authorization_query(), name, value)), "error");
    }
};

TEST_F(Authorization, brings_a_code_with_the_state_and_the_issuer) {
    const auto response = ask(authorization_query());
    EXPECT_EQ(response.status, 303);
    EXPECT_TRUE(response.header("Location").starts_with(callback));
    EXPECT_FALSE(redirected(response, "code").empty());
    EXPECT_EQ(redirected(response, "state"), "state-of-mine");
    EXPECT_EQ(redirected(response, "iss"), "http://127.0.0.1:7000");
}

TEST_F(Authorization, never_redirects_to_an_address_that_is_not_registered) {
    for (const char* uri : {"http://127.0.0.1:4321/other", "https://evil.example/callback",
                            "http://127.0.0.1.evil.example/callback", ""}) {
        const auto response = ask(with(authorization_query(), "redirect_uri", uri));
        EXPECT_EQ(response.status, 400) << uri;
        EXPECT_TRUE(response.header("Location").empty()) << uri;
    }
}

TEST_F(Authorization, of_an_unknown_client_ends_on_a_page) {
    const auto response = ask(with(authorization_query(), "client_id", "nobody"));
    EXPECT_EQ(response.status, 400);
    EXPECT_TRUE(response.header("Location").empty());
}

TEST_F(Authorization, needs_a_challenge_of_the_method_s256) {
    EXPECT_EQ(refusal("code_challenge", ""), "invalid_request");
    EXPECT_EQ(refusal("code_challenge", "too-short"), "invalid_request");
    EXPECT_EQ(refusal("code_challenge_method", ""), "invalid_request");
    EXPECT_EQ(refusal("code_challenge_method", "plain"), "invalid_request");
}

TEST_F(Authorization, knows_the_code_flow_only) {
    EXPECT_EQ(refusal("response_type", "token"), "unsupported_response_type");
    EXPECT_EQ(refusal("response_type", ""), "invalid_request");
    EXPECT_EQ(refusal("response_mode", "fragment"), "invalid_request");
    EXPECT_EQ(refusal("request", "eyJ"), "request_not_supported");
}

TEST_F(Authorization, refuses_a_parameter_that_comes_twice) {
    auto query = authorization_query();
    query.emplace_back("state", "another");
    EXPECT_EQ(redirected(ask(query), "error"), "invalid_request");
}

TEST_F(Authorization, tells_the_client_of_an_error_with_its_state_and_the_issuer) {
    const auto response = ask(with(authorization_query(), "response_type", "token"));
    EXPECT_EQ(redirected(response, "state"), "state-of-mine");
    EXPECT_EQ(redirected(response, "iss"), "http://127.0.0.1:7000");
}

TEST_F(Authorization, refuses_scopes_of_which_it_knows_none) {
    EXPECT_EQ(refusal("scope", "fly"), "invalid_scope");
    EXPECT_EQ(refusal("scope", "fly openid"), "");
}

TEST_F(Authorization, takes_a_resource_that_is_an_absolute_uri) {
    EXPECT_EQ(refusal("resource", "https://api.example/"), "");
    EXPECT_EQ(refusal("resource", "https://api.example/#part"), "invalid_target");
    EXPECT_EQ(refusal("resource", "api"), "invalid_target");
}

class SignInPage : public Authorization {
  protected:
    void SetUp() override {
        auto settings = defaults();
        settings.auto_approve = false;
        given(settings);
    }
    Response decide(const Response& page, const std::string& decision,
                    const std::string& username = "ada") {
        return post(
            "/consent",
            {{"ticket", field(page, "ticket")}, {"username", username}, {"decision", decision}});
    }
};

TEST_F(SignInPage, says_who_asks_and_for_what) {
    const auto page = ask(authorization_query());
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("Sandbox Command Line"), std::string::npos);
    EXPECT_NE(page.body.find("Stay signed in when you are away"), std::string::npos);
    EXPECT_EQ(field(page, "username"), "robin");
}

TEST_F(SignInPage, brings_a_code_when_the_person_allows_it) {
    const auto response = decide(ask(authorization_query()), "allow");
    const auto tokens = json(post("/token", exchange_form(redirected(response, "code"))));
    EXPECT_EQ(redirected(response, "state"), "state-of-mine");
    EXPECT_FALSE(text(tokens, "access_token").empty());
    EXPECT_EQ(text(family(0), "user"), "ada");
}

TEST_F(SignInPage, brings_access_denied_when_the_person_says_no) {
    const auto response = decide(ask(authorization_query()), "deny");
    EXPECT_EQ(redirected(response, "error"), "access_denied");
    EXPECT_EQ(redirected(response, "code"), "");
}

TEST_F(SignInPage, can_be_answered_once_and_only_with_its_ticket) {
    const auto page = ask(authorization_query());
    EXPECT_EQ(post("/consent", {{"ticket", "guessed"}, {"username", "ada"}, {"decision", "allow"}})
                  .status,
              400);
    EXPECT_EQ(decide(page, "allow").status, 303);
    EXPECT_EQ(decide(page, "allow").status, 400);
}

TEST_F(SignInPage, shows_no_markup_that_came_from_outside) {
    const auto page =
        ask(with(authorization_query(), "login_hint", "\"><script>alert(1)</script>"));
    EXPECT_EQ(page.body.find("<script>"), std::string::npos);
    EXPECT_NE(page.body.find("&lt;script&gt;"), std::string::npos);
}

TEST_F(SignInPage, is_not_shown_when_prompt_is_none) {
    EXPECT_EQ(refusal("prompt", "none"), "login_required");
    EXPECT_EQ(refusal("prompt", "none login"), "invalid_request");
}

}  // namespace hearth::sandbox::testing
