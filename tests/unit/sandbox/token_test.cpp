#include "sandbox/encoding.hpp"
#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

class CodeExchange : public CloudVisit {
  protected:
    Response exchange_with(const std::string& name, const std::string& value) {
        return post("/token", with(exchange_form(fresh_code()), name, value));
    }
    HeaderLine basic(const std::string& id, const std::string& secret) {
        const std::string pair = id + ':' + secret;
        std::string encoded = base64url(pair);
        for (auto& character : encoded)
            character = character == '-' ? '+' : character == '_' ? '/' : character;
        while (encoded.size() % 4 != 0) encoded += '=';
        return {"Authorization", "Basic " + encoded};
    }
    std::string secret() { return cloud->state().clients.find("sandbox-secret")->secret; }
    // A code of the confidential client, as a form that names no client.
    Pairs confidential_form() {
        const auto query = with(authorization_query(), "client_id", "sandbox-secret");
        return with(exchange_form(redirected(get("/authorize", query), "code")), "client_id", "");
    }
};

TEST_F(CodeExchange, issues_tokens_that_must_not_be_cached) {
    const auto response = post("/token", exchange_form(fresh_code()));
    const auto reply = json(response);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.header("Cache-Control"), "no-store");
    EXPECT_EQ(text(reply, "token_type"), "Bearer");
    EXPECT_EQ(reply.at("expires_in").as_int64(), 3600);
    EXPECT_EQ(text(reply, "scope"), "openid offline_access");
    EXPECT_FALSE(text(reply, "refresh_token").empty());
    EXPECT_EQ(userinfo(text(reply, "access_token")).status, 200);
}

TEST_F(CodeExchange, gives_no_refresh_token_without_offline_access) {
    EXPECT_FALSE(sign_in("openid").contains("refresh_token"));
}

TEST_F(CodeExchange, gives_an_id_token_only_to_who_asked_for_openid) {
    EXPECT_TRUE(sign_in("openid").contains("id_token"));
    EXPECT_FALSE(sign_in("profile").contains("id_token"));
}

TEST_F(CodeExchange, needs_the_verifier_of_the_challenge) {
    EXPECT_EQ(error_of(exchange_with("code_verifier", "")), "invalid_request");
    EXPECT_EQ(error_of(exchange_with("code_verifier", std::string(43, 'x'))), "invalid_grant");
}

TEST_F(CodeExchange, needs_the_very_redirect_of_the_authorization) {
    EXPECT_EQ(error_of(exchange_with("redirect_uri", "http://127.0.0.1:4322/callback")),
              "invalid_grant");
    EXPECT_EQ(error_of(exchange_with("redirect_uri", "")), "invalid_grant");
}

TEST_F(CodeExchange, of_a_code_that_is_a_minute_old_is_refused) {
    const auto code = fresh_code();
    pass(seconds(60));
    EXPECT_EQ(error_of(post("/token", exchange_form(code))), "invalid_grant");
}

TEST_F(CodeExchange, twice_revokes_what_the_first_one_brought) {
    const auto code = fresh_code();
    const auto first = json(post("/token", exchange_form(code)));
    EXPECT_EQ(error_of(post("/token", exchange_form(code))), "invalid_grant");
    EXPECT_EQ(userinfo(text(first, "access_token")).status, 401);
    EXPECT_EQ(error_of(refresh(text(first, "refresh_token"))), "invalid_grant");
    EXPECT_EQ(text(family(0), "why"), "authorization code used twice");
}

TEST_F(CodeExchange, of_another_clients_code_is_refused) {
    auto form = with(exchange_form(fresh_code()), "client_id", "sandbox-secret");
    form = with(form, "client_secret", secret());
    EXPECT_EQ(error_of(post("/token", form)), "invalid_grant");
}

TEST_F(CodeExchange, takes_a_confidential_client_by_basic_or_by_post) {
    EXPECT_EQ(post("/token", confidential_form(), {basic("sandbox-secret", secret())}).status, 200);
    auto form = with(confidential_form(), "client_id", "sandbox-secret");
    EXPECT_EQ(post("/token", with(form, "client_secret", secret())).status, 200);
}

TEST_F(CodeExchange, refuses_a_client_that_does_not_prove_itself) {
    const auto wrong = post("/token", confidential_form(), {basic("sandbox-secret", "guess")});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_TRUE(wrong.header("WWW-Authenticate").starts_with("Basic"));
    EXPECT_EQ(error_of(post("/token", with(confidential_form(), "client_id", "sandbox-secret"))),
              "invalid_client");
    EXPECT_EQ(error_of(exchange_with("client_id", "nobody")), "invalid_client");
    EXPECT_EQ(error_of(exchange_with("client_id", "")), "invalid_client");
}

TEST_F(CodeExchange, refuses_a_client_that_authenticates_in_two_ways) {
    const auto form = with(confidential_form(), "client_secret", secret());
    EXPECT_EQ(error_of(post("/token", form, {basic("sandbox-secret", secret())})),
              "invalid_request");
}

TEST_F(CodeExchange, refuses_a_parameter_that_comes_twice) {
    auto form = exchange_form(fresh_code());
    form.emplace_back("grant_type", "authorization_code");
    EXPECT_EQ(error_of(post("/token", form)), "invalid_request");
}

TEST_F(CodeExchange, refuses_parameters_in_the_address_and_bodies_that_are_no_form) {
    Request request{.method = "POST",
                    .path = "/token",
                    .query = "client_id=sandbox",
                    .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                    .body = to_query(exchange_form(fresh_code()))};
    EXPECT_EQ(error_of(visit(request).response), "invalid_request");
    EXPECT_EQ(error_of(post_json("/token", {{"grant_type", "authorization_code"}})),
              "invalid_request");
}

TEST_F(CodeExchange, refuses_grants_that_it_does_not_know) {
    EXPECT_EQ(error_of(exchange_with("grant_type", "password")), "unsupported_grant_type");
    EXPECT_EQ(error_of(exchange_with("grant_type", "")), "invalid_request");
}

TEST_F(CodeExchange, is_recorded_without_a_token) {
    const auto reply = sign_in();
    const auto records = get("/_sandbox/records").body;
    const auto request = json(get("/_sandbox/records")).at("token_requests").at(0).as_object();
    EXPECT_EQ(text(request, "grant"), "authorization_code");
    EXPECT_EQ(text(request, "client"), "sandbox");
    EXPECT_EQ(text(request, "outcome"), "issued");
    EXPECT_EQ(text(request, "family"), "family-1");
    EXPECT_EQ(records.find(text(reply, "access_token")), std::string::npos);
    EXPECT_EQ(records.find(text(reply, "refresh_token")), std::string::npos);
}

TEST_F(CodeExchange, is_recorded_with_tokens_where_that_was_asked) {
    auto settings = defaults();
    settings.records_with_tokens = true;
    given(settings);
    const auto reply = sign_in();
    EXPECT_EQ(text(family(0), "refresh_token"), text(reply, "refresh_token"));
}

}  // namespace hearth::sandbox::testing
