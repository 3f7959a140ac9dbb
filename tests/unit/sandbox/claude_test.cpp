#include <boost/json/array.hpp>

#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

class ClaudeFace : public CloudVisit {
  protected:
    static constexpr const char* redirect = "http://localhost:4321/callback";

    std::string claude_code(const std::string& scope, const Pairs& more = {}) {
        auto query = with(authorization_query(scope), "redirect_uri", redirect);
        for (const auto& [name, value] : more) query = with(query, name, value);
        return redirected(get("/oauth/authorize", query), "code");
    }
    Pairs claude_form(const std::string& code) {
        auto form = with(exchange_form(code), "redirect_uri", redirect);
        return with(form, "state", "state-of-mine");
    }
    boost::json::object claude_sign_in(const std::string& scope = "user:profile user:inference",
                                       const Pairs& more = {}) {
        return json(post("/v1/oauth/token", claude_form(claude_code(scope, more))));
    }
    static Lines beta() { return {{"anthropic-beta", "other-2025-01-01, oauth-2025-04-20"}}; }
    Response claude_refresh(const std::string& token, Lines headers) {
        return post_json(
            "/v1/oauth/token",
            {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", "sandbox"}},
            std::move(headers));
    }
    static boost::json::object hello() {
        return {{"model", "sandbox-small"},
                {"max_tokens", 64},
                {"messages",
                 boost::json::array{boost::json::object{{"role", "user"}, {"content", "Hello"}}}}};
    }
    Lines bearer(const boost::json::object& tokens) {
        Lines lines = beta();
        lines.push_back({"Authorization", "Bearer " + text(tokens, "access_token")});
        lines.push_back({"anthropic-version", "2023-06-01"});
        return lines;
    }
    static std::string type_of(const Response& response) {
        const auto body = json(response);
        return body.contains("error") ? text(body.at("error").as_object(), "type") : "";
    }
};

TEST_F(ClaudeFace, exchanges_a_code_for_tokens_and_says_whose_they_are) {
    const auto reply = claude_sign_in();
    EXPECT_TRUE(text(reply, "access_token").starts_with("sk-ant-oat01-"));
    EXPECT_FALSE(text(reply, "refresh_token").empty());
    EXPECT_EQ(text(reply.at("account").as_object(), "email_address"), "robin@sandbox.example");
    EXPECT_FALSE(text(reply.at("organization").as_object(), "uuid").empty());
    EXPECT_EQ(text(reply.at("workspace").as_object(), "id"), "wrkspc_sandbox");
}

TEST_F(ClaudeFace, binds_the_tokens_to_the_organization_and_workspace_asked_for) {
    const auto reply =
        claude_sign_in("user:inference", {{"orgUUID", "an-org"}, {"workspace_id", "wrkspc_mine"}});
    EXPECT_EQ(text(reply.at("organization").as_object(), "uuid"), "an-org");
    EXPECT_EQ(text(reply.at("workspace").as_object(), "id"), "wrkspc_mine");
}

TEST_F(ClaudeFace, says_at_a_renewal_that_the_sign_in_has_moved_to_another_organization) {
    const auto tokens = claude_sign_in();
    EXPECT_EQ(post_json("/_sandbox/move-families", {{"organization", "o-2"}}).status, 200);
    EXPECT_EQ(post_json("/_sandbox/move-families", {}).status, 400);
    const auto renewed = json(claude_refresh(text(tokens, "refresh_token"), beta()));
    EXPECT_EQ(text(renewed.at("organization").as_object(), "uuid"), "o-2");
}

TEST_F(ClaudeFace, accepts_its_api_keys_until_they_are_revoked) {
    const Lines lines{{"x-api-key", cloud->state().api_keys.front()},
                      {"anthropic-version", "2023-06-01"}};
    EXPECT_EQ(get("/v1/models", {{"limit", "1"}}, lines).status, 200);
    EXPECT_EQ(post_json("/_sandbox/revoke-keys", {}).status, 200);
    const auto refused = get("/v1/models", {{"limit", "1"}}, lines);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(type_of(refused), "authentication_error");
}

TEST_F(ClaudeFace, wants_the_state_in_the_code_exchange) {
    const auto form = claude_form(claude_code("user:inference"));
    const auto without = post("/v1/oauth/token", with(form, "state", ""));
    EXPECT_EQ(without.status, 400);
    EXPECT_EQ(error_of(without), "oauth_request_parse_error");
    EXPECT_FALSE(without.header("Request-Id").empty());
    EXPECT_EQ(error_of(post("/v1/oauth/token", with(form, "state", "another"))), "invalid_grant");
}

TEST_F(ClaudeFace, takes_the_code_exchange_as_a_form_only) {
    const auto response = post_json("/v1/oauth/token", {{"grant_type", "authorization_code"},
                                                        {"code", claude_code("user:inference")},
                                                        {"client_id", "sandbox"},
                                                        {"redirect_uri", redirect},
                                                        {"code_verifier", verifier},
                                                        {"state", "state-of-mine"}});
    EXPECT_EQ(error_of(response), "oauth_request_parse_error");
}

TEST_F(ClaudeFace, takes_the_refresh_as_json_with_its_beta_only) {
    const auto tokens = claude_sign_in();
    const auto token = text(tokens, "refresh_token");
    EXPECT_EQ(error_of(claude_refresh(token, {})), "invalid_request");
    EXPECT_EQ(error_of(claude_refresh(
                  token, {{"anthropic-beta", "oauth-2025-04-20,oidc-federation-2026-04-01"}})),
              "invalid_request");
    const Pairs form{
        {"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", "sandbox"}};
    EXPECT_EQ(error_of(post("/v1/oauth/token", form, beta())), "oauth_request_parse_error");
    EXPECT_EQ(claude_refresh(token, beta()).status, 200) << "none of the refusals spent it";
}

TEST_F(ClaudeFace, rotates_and_detects_reuse_like_the_other_one) {
    const auto token = text(claude_sign_in(), "refresh_token");
    const auto second = json(claude_refresh(token, beta()));
    EXPECT_EQ(error_of(claude_refresh(token, beta())), "invalid_grant");
    EXPECT_EQ(error_of(claude_refresh(text(second, "refresh_token"), beta())), "invalid_grant");
}

TEST_F(ClaudeFace, redeems_no_code_of_the_other_face) {
    const auto form = with(exchange_form(fresh_code()), "state", "state-of-mine");
    EXPECT_EQ(error_of(post("/v1/oauth/token", form)), "invalid_grant");
}

TEST_F(ClaudeFace, shows_code_and_state_on_the_manual_page) {
    const auto manual = "http://127.0.0.1:7000/oauth/code/callback";
    const auto response = get("/oauth/authorize",
                              with(authorization_query("user:inference"), "redirect_uri", manual));
    EXPECT_TRUE(response.header("Location").starts_with(manual));
    const auto code = redirected(response, "code");
    const auto page = get("/oauth/code/callback", {{"code", code}, {"state", "state-of-mine"}});
    EXPECT_NE(page.body.find(code + "#state-of-mine"), std::string::npos);
    EXPECT_EQ(get("/oauth/code/callback").status, 400);
}

TEST_F(ClaudeFace, profile_needs_its_scope) {
    const auto reply = get("/api/oauth/profile", {}, bearer(claude_sign_in()));
    EXPECT_EQ(text(json(reply).at("account").as_object(), "email"), "robin@sandbox.example");
    const auto narrow = get("/api/oauth/profile", {}, bearer(claude_sign_in("user:inference")));
    EXPECT_EQ(narrow.status, 403);
    EXPECT_EQ(type_of(narrow), "permission_error");
    EXPECT_EQ(get("/api/oauth/profile").status, 401);
}

TEST_F(ClaudeFace, messages_answers_a_valid_token) {
    const auto response = post_json("/v1/messages", hello(), bearer(claude_sign_in()));
    const auto reply = json(response);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(text(reply, "type"), "message");
    EXPECT_EQ(text(reply, "stop_reason"), "end_turn");
    EXPECT_NE(text(reply.at("content").at(0).as_object(), "text").find("Hello"), std::string::npos);
    EXPECT_TRUE(response.header("Request-Id").starts_with("req_"));
}

TEST_F(ClaudeFace, messages_answers_an_api_key_without_the_beta) {
    const auto key = cloud->state().api_keys.front();
    const HeaderLine version{"anthropic-version", "2023-06-01"};
    EXPECT_EQ(post_json("/v1/messages", hello(), {{"x-api-key", key}, version}).status, 200);
    const auto wrong =
        post_json("/v1/messages", hello(), {{"x-api-key", "sk-ant-api03-guess"}, version});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(type_of(wrong), "authentication_error");
}

TEST_F(ClaudeFace, messages_refuses_in_the_documented_envelope) {
    const auto tokens = claude_sign_in();
    const HeaderLine version{"anthropic-version", "2023-06-01"};
    const HeaderLine authorization{"Authorization", "Bearer " + text(tokens, "access_token")};
    EXPECT_EQ(type_of(post_json("/v1/messages", hello(), {version})), "authentication_error");
    EXPECT_EQ(post_json("/v1/messages", hello(), {version, authorization}).status, 401)
        << "without the beta";
    EXPECT_EQ(post_json("/v1/messages", hello(), {authorization, beta()[0]}).status, 400)
        << "without the version";
    EXPECT_EQ(post_json("/v1/messages", hello(), bearer(claude_sign_in("user:profile"))).status,
              403);
    EXPECT_EQ(type_of(post_json("/v1/messages", {{"model", "x"}}, bearer(tokens))),
              "invalid_request_error");
    pass(seconds(3600));
    const auto expired = post_json("/v1/messages", hello(), bearer(tokens));
    EXPECT_EQ(expired.status, 401);
    EXPECT_EQ(text(json(expired), "request_id"), expired.header("Request-Id"));
}

TEST_F(ClaudeFace, messages_streams_the_documented_events_in_order) {
    auto body = hello();
    body["stream"] = true;
    const auto response = post_json("/v1/messages", body, bearer(claude_sign_in()));
    std::vector<std::string> types;
    for (const auto& piece : response.pieces) {
        const auto type = piece.substr(7, piece.find('\n') - 7);
        if (types.empty() || types.back() != type) types.push_back(type);
    }
    const std::vector<std::string> expected = {
        "message_start",      "content_block_start", "ping",        "content_block_delta",
        "content_block_stop", "message_delta",       "message_stop"};
    EXPECT_EQ(types, expected);
    EXPECT_TRUE(response.header("Content-Type").starts_with("text/event-stream"));
}

TEST_F(ClaudeFace, lists_its_models) {
    const auto reply = json(get("/v1/models", {}, bearer(claude_sign_in())));
    EXPECT_EQ(reply.at("data").as_array().size(), 2U);
}

}  // namespace hearth::sandbox::testing
