#include "providers/google/external_account.hpp"

#include <gmock/gmock.h>

#include "unit/google/federation_fixture.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using Kind = TokenFailure::Kind;
using ::testing::HasSubstr;
using ::testing::Not;

class ExternalAccountToken : public FederationTest {};

TEST_F(ExternalAccountToken, is_what_the_subject_token_is_exchanged_for) {
    http.answer(sts, 200, granted("ya29.pool"));
    const auto got = token();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), "ya29.pool");
    EXPECT_EQ(got->lifetime, 3599s);
    EXPECT_FALSE(got->refresh_token);
    EXPECT_EQ(sent("grant_type"), "urn:ietf:params:oauth:grant-type:token-exchange");
    EXPECT_EQ(sent("audience"), pool);
    EXPECT_EQ(sent("scope"), cloud_platform);
    EXPECT_EQ(sent("requested_token_type"), "urn:ietf:params:oauth:token-type:access_token");
    EXPECT_EQ(sent("subject_token"), "subject-token-1");
    EXPECT_EQ(sent("subject_token_type"), "urn:ietf:params:oauth:token-type:jwt");
    EXPECT_EQ(sent("options"), "");
    EXPECT_EQ(header("Authorization", sts), "");
}

TEST_F(ExternalAccountToken, has_the_scopes_that_are_wanted) {
    http.answer(sts, 200, granted("t"));
    wanted.scopes = {"a", "b"};
    ASSERT_TRUE(token());
    EXPECT_EQ(sent("scope"), "a b");
}

TEST_F(ExternalAccountToken, may_say_how_long_it_is_good_as_a_text) {
    http.answer(sts, 200, R"({"access_token":"t","token_type":"Bearer","expires_in":"3600"})");
    EXPECT_EQ(token().value().lifetime, 1h);
    http.answer(sts, 200, R"({"access_token":"t","token_type":"Bearer"})");
    EXPECT_TRUE(token());
    EXPECT_EQ(failure().kind, Kind::refused);
}

TEST_F(ExternalAccountToken, of_a_client_is_asked_for_with_basic_authentication) {
    http.answer(sts, 200, granted("t"));
    account.client_id = "client.apps";
    account.client_secret = Secret("client-secret");
    ASSERT_TRUE(token());
    EXPECT_EQ(header("Authorization", sts),
              "Basic " + signing::base64("client.apps:client-secret"));
    EXPECT_EQ(sent("client_id"), "");
    EXPECT_EQ(sent("client_secret"), "");
}

TEST_F(ExternalAccountToken, of_a_workforce_pool_names_the_project_that_counts) {
    http.answer(sts, 200, granted("t"));
    account.audience = "//iam.googleapis.com/locations/global/workforcePools/p/providers/x";
    account.workforce_pool_user_project = "12345";
    ASSERT_TRUE(token());
    EXPECT_EQ(sent("options"), "%7B%22userProject%22%3A%2212345%22%7D");
}

TEST_F(ExternalAccountToken, names_no_project_for_a_client_or_a_workload_pool) {
    http.answer(sts, 200, granted("t"));
    account.workforce_pool_user_project = "12345";
    ASSERT_TRUE(token());
    EXPECT_EQ(sent("options"), "");
    account.audience = "//iam.googleapis.com/locations/global/workforcePools/p/providers/x";
    account.client_id = "client.apps";
    ASSERT_TRUE(token());
    EXPECT_EQ(sent("options"), "");
}

TEST_F(ExternalAccountToken, is_the_service_accounts_where_the_file_names_one) {
    http.answer(sts, 200, granted("ya29.pool"));
    http.answer(robot_url, 200, impersonated("ya29.robot"));
    impersonate_robot();
    wanted.scopes = {"a"};
    const auto got = token();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), "ya29.robot");
    EXPECT_EQ(sent("scope"), cloud_platform);
    EXPECT_EQ(header("Authorization", robot_url), "Bearer ya29.pool");
    EXPECT_THAT(http.seen(robot_url).back().body, HasSubstr(R"("scope":["a"])"));
}

TEST_F(ExternalAccountToken, is_no_id_token_without_a_service_account) {
    wanted.id_token_audience = "https://run.example";
    const auto why = failure();
    EXPECT_EQ(why.kind, Kind::not_asked);
    EXPECT_EQ(why.error.remedy, Remedy::usage);
    EXPECT_THAT(why.error.what, HasSubstr("id_token_audience"));
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(ExternalAccountToken, is_signed_by_no_key_of_a_service_account) {
    wanted.jwt_audience = "https://pubsub.googleapis.com/";
    EXPECT_THAT(failure().error.what, HasSubstr("jwt_audience"));
    wanted.jwt_audience.clear();
    wanted.subject = "robin@example.com";
    EXPECT_THAT(failure().error.what, HasSubstr("subject"));
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(ExternalAccountToken, that_is_refused_comes_with_what_the_subject_token_says) {
    const auto subject =
        jwt_of(R"({"iss":"https://ci.example","sub":"job:7","aud":"wrong","exp":1799999000})");
    material.files["/run/token"] = subject + "\n";
    http.answer(sts, 400,
                R"({"error":"invalid_grant","error_description":"The audience in ID Token does )"
                R"(not match."})");
    const auto why = failure();
    EXPECT_EQ(why.kind, Kind::refused);
    EXPECT_EQ(why.error.remedy, Remedy::failed);
    EXPECT_EQ(
        why.error.what,
        "sts.googleapis.com: the token endpoint answered 400 (invalid_grant: The audience in "
        "ID Token does not match.); the subject token says: iss https://ci.example, sub job:7, "
        "aud wrong, exp 2027-01-15T07:43:20Z, which is past");
    EXPECT_THAT(why.error.hint, HasSubstr("the pool's provider"));
}

TEST_F(ExternalAccountToken, that_is_refused_says_what_to_look_at) {
    struct Case {
        const char* code;
        const char* hint;
    };
    for (const auto& one :
         {Case{"unauthorized_client", "attribute condition"}, Case{"invalid_target", "enabled"},
          Case{"invalid_client", "client_secret"}, Case{"invalid_scope", "scopes"},
          Case{"invalid_request", "subject_token_type"}}) {
        testing::FakeHttp server;
        server.answer(sts, 400, std::string(R"({"error":")") + one.code + R"("})");
        const Outside world{
            .http = server, .clock = clock, .material = material, .signer = signer, .printed = {}};
        const auto got = external_account_token(account, wanted, place, world, {});
        ASSERT_FALSE(got);
        EXPECT_EQ(got.error().kind, Kind::refused) << one.code;
        EXPECT_EQ(got.error().error.remedy, Remedy::failed) << one.code;
        EXPECT_THAT(got.error().error.hint, HasSubstr(one.hint)) << one.code;
    }
}

TEST_F(ExternalAccountToken, is_asked_for_again_where_the_exchange_is_busy_or_silent) {
    http.answer(sts, 503, "busy", {{"Retry-After", "7"}});
    const auto busy = failure();
    EXPECT_EQ(busy.kind, Kind::passing);
    EXPECT_EQ(busy.error.remedy, Remedy::unreachable);
    EXPECT_EQ(busy.retry_after, 7s);
    for (const auto stage : {HttpFailure::Stage::not_sent, HttpFailure::Stage::no_answer}) {
        testing::FakeHttp silent;
        silent.fail(sts, stage);
        const Outside world{
            .http = silent, .clock = clock, .material = material, .signer = signer, .printed = {}};
        EXPECT_EQ(external_account_token(account, wanted, place, world, {}).error().kind,
                  Kind::passing);
    }
}

TEST_F(ExternalAccountToken, is_not_asked_for_by_plain_http) {
    account.token_url = "http://sts.example/v1/token";
    const auto why = failure();
    EXPECT_EQ(why.kind, Kind::not_asked);
    EXPECT_EQ(why.error.remedy, Remedy::refused);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(ExternalAccountToken, tells_how_far_the_clocks_are_apart) {
    http.answer(sts, 200, granted("t"), {{"Date", "Fri, 15 Jan 2027 08:05:00 GMT"}});
    EXPECT_EQ(token().value().server_skew, 5min);
}

TEST_F(ExternalAccountToken, repeats_the_subject_token_in_no_error) {
    material.files["/run/token"] = "planted-subject-token";
    http.answer(sts, 400,
                R"({"error":"invalid_grant","error_description":"bad planted-subject-token"})");
    const auto why = failure();
    EXPECT_THAT(why.error.what + why.error.hint, Not(HasSubstr("planted")));
}

TEST_F(ExternalAccountToken, is_exchanged_for_a_token_that_is_at_hand) {
    http.answer(sts, 200, granted("ya29.pool"));
    const auto got = exchanged_token(account, Secret("of-oidc"), wanted, outside(), {});
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(sent("subject_token"), "of-oidc");
    EXPECT_EQ(material.reads, 0);
}

}  // namespace
}  // namespace hearth::providers::google
