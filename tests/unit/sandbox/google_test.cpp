#include "sandbox/google.hpp"

#include <gtest/gtest.h>

#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {
namespace {

using boost::json::object;

const Lines flavor{{"Metadata-Flavor", "Google"}};
constexpr const char* token_path = "/computeMetadata/v1/instance/service-accounts/default/token";
constexpr const char* model_path =
    "/v1/projects/sandbox-project/locations/global/publishers/anthropic/models/m:rawPredict";

class GoogleFace : public CloudVisit {
  protected:
    void given_tokens_live(seconds lifetime) {
        auto settings = defaults();
        settings.google.lifetime = lifetime;
        given(std::move(settings));
    }
    std::string instance_token() { return text(json(get(token_path, {}, flavor)), "access_token"); }
    object file(const object& wish) { return json(post_json("/_sandbox/google", wish)); }
    int vertex_status(const std::string& token) {
        return post_json(model_path, question, {{"Authorization", "Bearer " + token}}).status;
    }

    const object question{{"anthropic_version", "vertex-2023-10-16"},
                          {"max_tokens", 5},
                          {"messages", {{{"role", "user"}, {"content", "hi"}}}}};
};

TEST_F(GoogleFace, the_metadata_server_hands_out_one_token_until_four_minutes_before_its_end) {
    const auto first = instance_token();
    pass(seconds(3600 - 241));
    EXPECT_EQ(instance_token(), first);
    pass(seconds(1));
    EXPECT_NE(instance_token(), first);
    EXPECT_EQ(vertex_status(first), 200);
}

TEST_F(GoogleFace, a_short_life_is_handed_out_but_for_its_last_fifth) {
    given_tokens_live(seconds(10));
    const auto first = instance_token();
    pass(milliseconds(7999));
    EXPECT_EQ(instance_token(), first);
    pass(milliseconds(1));
    EXPECT_NE(instance_token(), first);
}

TEST_F(GoogleFace, a_token_ends_on_time) {
    given_tokens_live(seconds(60));
    const auto token = instance_token();
    pass(milliseconds(59'999));
    EXPECT_EQ(vertex_status(token), 200);
    pass(milliseconds(1));
    EXPECT_EQ(vertex_status(token), 401);
}

TEST_F(GoogleFace, a_sign_in_for_offline_access_gets_a_refresh_token) {
    const auto scope = "openid " + std::string(google_cloud_scope);
    const auto signed_in = [&](const Pairs& query) {
        const auto code = redirected(get("/authorize", query), "code");
        return json(post("/token", exchange_form(code)));
    };
    const auto query = authorization_query(scope);
    EXPECT_FALSE(signed_in(query).contains("refresh_token"));
    const auto tokens = signed_in(with(query, "access_type", "offline"));
    EXPECT_TRUE(tokens.contains("refresh_token"));
    EXPECT_EQ(text(tokens, "scope"), scope);
    EXPECT_EQ(vertex_status(text(tokens, "access_token")), 200);
}

TEST_F(GoogleFace, a_second_key_of_an_account_leaves_the_first_alone) {
    const auto first = file({{"make", "service_account"}, {"account", "robot"}, {"key", "ec"}});
    const auto second = file({{"make", "service_account"}, {"account", "robot"}, {"key", "ec"}});
    EXPECT_EQ(text(first, "client_email"), text(second, "client_email"));
    EXPECT_NE(text(first, "private_key_id"), text(second, "private_key_id"));
    post_json("/_sandbox/google",
              {{"do", "revoke_key"}, {"key_id", text(first, "private_key_id")}});
    EXPECT_EQ(cloud->state().google.account("robot").keys.size(), 1U);
}

TEST_F(GoogleFace, an_order_that_is_not_understood_is_refused) {
    for (const object& order :
         {object{{"make", "something"}}, object{{"do", "something"}}, object{},
          object{{"make", "external_account"}, {"source", "elsewhere"}},
          object{{"make", "external_account"}, {"source", "file"}},
          object{{"make", "external_account"}, {"source", "executable"}}})
        EXPECT_EQ(post_json("/_sandbox/google", order).status, 400);
}

TEST_F(GoogleFace, the_metadata_servers_flavor_is_on_errors_too) {
    for (const auto* path : {"/computeMetadata/v1/nothing", token_path, "/computeMetadata"})
        EXPECT_EQ(get(path).header("Metadata-Flavor"), "Google") << path;
    const auto posted = post(token_path, {});
    EXPECT_EQ(posted.status, 405);
    EXPECT_EQ(get("/").header("Metadata-Flavor"), "Google");
}

TEST_F(GoogleFace, impersonation_goes_where_the_rights_lead) {
    const Google& google = cloud->state().google;
    EXPECT_TRUE(google.may_impersonate("anybody", google_email("target")));
    EXPECT_FALSE(google.may_impersonate("anybody", google_email("last")));
    EXPECT_TRUE(google.may_impersonate(google_email("second"), google_email("last")));
    EXPECT_FALSE(google.may_impersonate(google_email("first"), google_email("last")));
    cloud->state().google.may_become["principal://pool/*"] = {google_email("last")};
    EXPECT_TRUE(google.may_impersonate("principal://pool/subject/a", google_email("last")));
    EXPECT_FALSE(google.may_impersonate("principal://other/subject/a", google_email("last")));
}

}  // namespace
}  // namespace hearth::sandbox::testing
