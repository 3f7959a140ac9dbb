#include "providers/google/aws_subject.hpp"

#include <gmock/gmock.h>

#include "providers/google/aws_instance.hpp"
#include "unit/google/federation_fixture.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using Kind = TokenFailure::Kind;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* zone_url =
    "http://169.254.169.254/latest/meta-data/placement/availability-zone";
constexpr const char* keys_url = "http://169.254.169.254/latest/meta-data/iam/security-credentials";
constexpr const char* role_url =
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/builder";
constexpr const char* session_url = "http://169.254.169.254/latest/api/token";
constexpr const char* verification =
    "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15";

AwsKeys keys_in(const std::string& region) {
    return {.access_key_id = "ASIA1",
            .secret_access_key = Secret("old/secret+"),
            .session_token = Secret("to/ken=="),
            .account_id = {},
            .region = region};
}

class AwsSubject : public FederationTest {
  protected:
    AwsSubject() {
        source.region_url = zone_url;
        source.url = keys_url;
        source.imdsv2_session_token_url = session_url;
        source.regional_cred_verification_url = verification;
        account.source = source;
        account.subject_token_type = aws_subject_type;
    }
    void instance_answers() {
        http.answer(session_url, 200, "session-1");
        http.answer(zone_url, 200, "us-east-2b");
        http.answer(keys_url, 200, "builder");
        http.answer(role_url, 200,
                    R"({"Code":"Success","AccessKeyId":"ASIA1","SecretAccessKey":"old/secret+",)"
                    R"("Token":"to/ken==","Expiration":"2027-01-15T14:00:00Z"})");
    }
    std::expected<AwsKeys, TokenFailure> instance() {
        return instance_aws_keys(source, place, outside(), {});
    }
    Result<Secret> subject(const std::string& url, const AwsKeys& keys) {
        return aws_subject(url, keys, pool, signer, clock.now().wall);
    }
    AwsSource source;
};

// Made by google-auth 2.39 (its RequestSigner, with the target resource among the signed headers)
// of the same keys at the same time.
TEST_F(AwsSubject, is_written_as_googles_own_library_writes_it) {
    const auto made = subject(verification, keys_in("us-east-2"));
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(
        made->reveal(),
        "%7B%22headers%22%3A%5B%7B%22key%22%3A%22Authorization%22%2C%22value%22%3A%22AWS4-HMAC-"
        "SHA256%20Credential%3DASIA1/20270115/us-east-2/sts/aws4_request%2C%20SignedHeaders%3Dhost"
        "%3Bx-amz-date%3Bx-amz-security-token%3Bx-goog-cloud-target-resource%2C%20Signature%3D6a63"
        "6a1c05ba25400654e48edd651516f8ae1b6ffb51f49aebc3f612c79496ac%22%7D%2C%7B%22key%22%3A%22hos"
        "t%22%2C%22value%22%3A%22sts.us-east-2.amazonaws.com%22%7D%2C%7B%22key%22%3A%22x-amz-date%"
        "22%2C%22value%22%3A%2220270115T080000Z%22%7D%2C%7B%22key%22%3A%22x-amz-security-token%22%"
        "2C%22value%22%3A%22to/ken%3D%3D%22%7D%2C%7B%22key%22%3A%22x-goog-cloud-target-resource%22"
        "%2C%22value%22%3A%22//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools"
        "/p/providers/x%22%7D%5D%2C%22method%22%3A%22POST%22%2C%22url%22%3A%22https%3A//sts.us-east"
        "-2.amazonaws.com%3FAction%3DGetCallerIdentity%26Version%3D2011-06-15%22%7D");
}

TEST_F(AwsSubject, is_of_the_regions_own_service_where_the_file_names_none) {
    EXPECT_THAT(subject("", keys_in("eu-central-1")).value().reveal(),
                HasSubstr("https%3A//sts.eu-central-1.amazonaws.com%3FAction"));
    EXPECT_THAT(subject("", keys_in("cn-north-1")).value().reveal(),
                HasSubstr("https%3A//sts.cn-north-1.amazonaws.com.cn%3FAction"));
}

TEST_F(AwsSubject, signs_nothing_but_the_question_who_the_caller_is) {
    for (const auto* const url :
         {"https://sts.{region}.amazonaws.com?Action=AssumeRole&RoleArn=x",
          "https://s3.{region}.amazonaws.com/bucket?Action=GetCallerIdentity",
          "https://sts.{region}.amazonaws.com"}) {
        const auto made = subject(url, keys_in("us-east-2"));
        ASSERT_FALSE(made) << url;
        EXPECT_EQ(made.error().remedy, Remedy::refused);
    }
    EXPECT_FALSE(subject("http://sts.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
                         keys_in("x")));
}

TEST_F(AwsSubject, needs_a_region) {
    for (const auto* const region : {"", "us/east", "US"}) {
        const auto made = subject(verification, keys_in(region));
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().remedy, Remedy::usage);
    }
}

TEST_F(AwsSubject, is_made_with_the_instances_keys_and_exchanged) {
    instance_answers();
    http.answer(sts, 200, granted("ya29.pool"));
    const auto got = token();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(sent("subject_token_type"), aws_subject_type);
    EXPECT_EQ(sent("subject_token"), subject(verification, keys_in("us-east-2")).value().reveal());
    ASSERT_EQ(http.seen(session_url).size(), 1U);
    EXPECT_EQ(http.seen(session_url)[0].method, "PUT");
    EXPECT_EQ(header("X-aws-ec2-metadata-token-ttl-seconds", session_url), "300");
    for (const auto* const url : {zone_url, keys_url, role_url})
        EXPECT_EQ(header("x-aws-ec2-metadata-token", url), "session-1") << url;
}

TEST_F(AwsSubject, of_an_instance_without_session_tokens_shows_none) {
    instance_answers();
    source.imdsv2_session_token_url.clear();
    const auto keys = instance();
    ASSERT_TRUE(keys) << keys.error().error.what;
    EXPECT_EQ(keys->region, "us-east-2");
    EXPECT_TRUE(http.seen(session_url).empty());
    EXPECT_EQ(header("x-aws-ec2-metadata-token", role_url), "");
}

TEST_F(AwsSubject, of_an_instance_that_wants_session_tokens_says_how_the_file_gets_them) {
    source.imdsv2_session_token_url.clear();
    http.answer(zone_url, 401, "");
    const auto keys = instance();
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().kind, Kind::refused);
    EXPECT_THAT(keys.error().error.hint, HasSubstr("--enable-imdsv2"));
}

TEST_F(AwsSubject, takes_the_region_from_the_variables_and_the_keys_from_none) {
    instance_answers();
    material.variables["AWS_ACCESS_KEY_ID"] = "AKIAOTHER";
    material.variables["AWS_SECRET_ACCESS_KEY"] = "other";
    material.variables["AWS_DEFAULT_REGION"] = "eu-west-1";
    EXPECT_EQ(instance().value().region, "eu-west-1");
    material.variables["AWS_REGION"] = "eu-central-1";
    const auto keys = instance();
    EXPECT_EQ(keys.value().region, "eu-central-1");
    EXPECT_EQ(keys.value().access_key_id, "ASIA1");
    EXPECT_TRUE(http.seen(zone_url).empty());
    material.variables["AWS_REGION"] = "not a region";
    EXPECT_EQ(instance().error().kind, Kind::not_asked);
}

TEST_F(AwsSubject, without_a_region_anywhere_says_what_to_set) {
    instance_answers();
    source.region_url.clear();
    const auto keys = instance();
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().kind, Kind::not_asked);
    EXPECT_THAT(keys.error().error.hint, HasSubstr("AWS_REGION"));
}

TEST_F(AwsSubject, tells_what_the_instance_lacks) {
    http.answer(session_url, 200, "session-1");
    http.answer(zone_url, 200, "us-east-2b");
    http.answer(keys_url, 404, "");
    EXPECT_THAT(instance().error().error.hint, HasSubstr("role"));
    http.answer(keys_url, 200, "builder");
    http.answer(role_url, 200, R"({"Code":"Failed","Message":"planted"})");
    EXPECT_FALSE(instance());
    const auto none = instance();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, Kind::refused);
    EXPECT_THAT(none.error().error.what, Not(HasSubstr("planted")));
}

TEST_F(AwsSubject, of_a_silent_or_busy_instance_is_asked_for_again) {
    EXPECT_EQ(instance().error().kind, Kind::passing);
    http.answer(session_url, 503, "");
    EXPECT_EQ(instance().error().kind, Kind::passing);
}

TEST_F(AwsSubject, asks_no_other_machine_for_keys_by_plain_http) {
    instance_answers();
    source.url = "http://attacker.example/keys";
    const auto keys = instance();
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().kind, Kind::not_asked);
    EXPECT_EQ(keys.error().error.remedy, Remedy::refused);
}

TEST_F(AwsSubject, is_made_with_keys_that_are_at_hand) {
    http.answer(sts, 200, granted("ya29.pool"));
    account.source = FileSource{};
    const auto got = exchanged_aws_token(account, keys_in(""), "us-east-2", wanted, outside(), {});
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(sent("subject_token"), subject("", keys_in("us-east-2")).value().reveal());
}

TEST_F(AwsSubject, is_signed_again_by_the_services_clock_where_this_one_is_wrong) {
    http.answer(sts, 400, R"({"error":"invalid_grant"})",
                {{"Date", "Fri, 15 Jan 2027 10:00:00 GMT"}});
    http.answer(sts, 200, granted("ya29.pool"));
    const auto got = exchanged_aws_token(account, keys_in(""), "us-east-2", wanted, outside(), {});
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(http.seen(sts).size(), 2U);
    EXPECT_THAT(sent("subject_token"), HasSubstr("20270115T100000Z"));
}

TEST_F(AwsSubject, is_signed_once_where_the_clocks_agree) {
    http.answer(sts, 400, R"({"error":"invalid_grant"})",
                {{"Date", "Fri, 15 Jan 2027 08:00:01 GMT"}});
    const auto got = exchanged_aws_token(account, keys_in(""), "us-east-2", wanted, outside(), {});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::refused);
    EXPECT_EQ(http.seen(sts).size(), 1U);
}

TEST_F(AwsSubject, leads_to_the_service_account_where_one_is_named) {
    http.answer(sts, 200, granted("ya29.pool"));
    http.answer(robot_url, 200, impersonated("ya29.robot"));
    impersonate_robot();
    const auto got = exchanged_aws_token(account, keys_in(""), "us-east-2", wanted, outside(), {});
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), "ya29.robot");
}

}  // namespace
}  // namespace hearth::providers::google
