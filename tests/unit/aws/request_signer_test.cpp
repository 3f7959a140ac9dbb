#include "providers/aws/request_signer.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"

namespace hearth::providers::aws {
namespace {

struct Expected {
    const char* host;
    const char* service;
    const char* region;
};

TEST(SigningName, is_what_the_host_says) {
    for (const auto& [host, service, region] : {
             Expected{"sts.eu-central-1.amazonaws.com", "sts", "eu-central-1"},
             Expected{"sts-fips.us-gov-west-1.amazonaws.com", "sts", "us-gov-west-1"},
             Expected{"bedrock-runtime.us-east-1.amazonaws.com", "bedrock", "us-east-1"},
             Expected{"bedrock-runtime-fips.us-east-1.amazonaws.com", "bedrock", "us-east-1"},
             Expected{"bedrock-mantle.us-west-2.api.aws", "bedrock-mantle", "us-west-2"},
             Expected{"aws-external-anthropic.eu-west-1.api.aws", "aws-external-anthropic",
                      "eu-west-1"},
             Expected{"pictures.s3.eu-west-3.amazonaws.com", "s3", "eu-west-3"},
             Expected{"sts.cn-north-1.amazonaws.com.cn", "sts", "cn-north-1"},
             Expected{"sts.amazonaws.com", "sts", "us-east-1"},
             Expected{"iam.amazonaws.com", "iam", "us-east-1"},
         }) {
        const auto name = signing_name(host);
        EXPECT_EQ(name.service, service) << host;
        EXPECT_EQ(name.region, region) << host;
    }
}

TEST(SigningName, of_a_host_that_is_not_of_aws_is_none) {
    for (const auto* const host :
         {"127.0.0.1", "localhost", "example.com", "eu-central-1.amazonaws.com.evil.example",
          "sts.eu-central-1.amazonaws.com.evil.example", "sts.eu-central-1.amazonaws.com.cn",
          "eu-central-1", "", "..", "notamazonaws.com"}) {
        EXPECT_EQ(signing_name(host).service, "") << host;
    }
}

class SignedRequests : public ::testing::Test {
  protected:
    Result<> sign() { return ServiceSigner(signer, clock, otherwise).sign(request, keys); }
    [[nodiscard]] std::string header(std::string_view name) const {
        for (const auto& one : request.headers)
            if (one.name == name) return one.value;
        return {};
    }

    testing::FakeClock clock;
    sigv4::Signer signer;
    SigningName otherwise;
    Request request{.method = "POST",
                    .url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/invoke",
                    .body = "{}"};
    AwsKeys keys{.access_key_id = "ASIA1",
                 .secret_access_key = Secret("secret"),
                 .session_token = Secret("token"),
                 .account_id = {}};
};

TEST_F(SignedRequests, carry_the_keys_identifier_and_never_the_secret) {
    ASSERT_TRUE(sign());
    EXPECT_NE(
        header("Authorization").find("Credential=ASIA1/20270115/us-east-1/bedrock/aws4_request"),
        std::string::npos);
    EXPECT_EQ(header("X-Amz-Date"), "20270115T080000Z");
    EXPECT_EQ(header("X-Amz-Security-Token"), "token");
    for (const auto& [name, value] : request.headers)
        EXPECT_EQ(value.find("secret"), std::string::npos) << name;
}

TEST_F(SignedRequests, are_signed_anew_and_not_twice) {
    ASSERT_TRUE(sign());
    const auto once = request.headers;
    ASSERT_TRUE(sign());
    EXPECT_EQ(request.headers, once);
    request.body = "{ }";
    ASSERT_TRUE(sign());
    EXPECT_NE(request.headers, once);
}

TEST_F(SignedRequests, are_for_whom_the_request_then_the_host_then_the_profile_names) {
    otherwise = {.service = "mine", .region = "eu-west-1"};
    request.url = "http://127.0.0.1:1/";
    ASSERT_TRUE(sign());
    EXPECT_NE(header("Authorization").find("/eu-west-1/mine/"), std::string::npos);
    request.url = "https://sts.eu-central-1.amazonaws.com/";
    ASSERT_TRUE(sign());
    EXPECT_NE(header("Authorization").find("/eu-central-1/sts/"), std::string::npos);
    request.service = "other";
    request.region = "ap-south-1";
    ASSERT_TRUE(sign());
    EXPECT_NE(header("Authorization").find("/ap-south-1/other/"), std::string::npos);
}

TEST_F(SignedRequests, for_nobody_in_particular_are_refused_with_what_is_missing) {
    request.url = "http://127.0.0.1:1/";
    otherwise.service = "bedrock";
    const auto without_region = sign();
    ASSERT_FALSE(without_region);
    EXPECT_EQ(without_region.error().remedy, Remedy::usage);
    EXPECT_NE(without_region.error().what.find("region"), std::string::npos);
    otherwise.service.clear();
    EXPECT_NE(sign().error().what.find("service"), std::string::npos);
}

TEST_F(SignedRequests, have_a_short_form_that_bedrock_takes_for_a_key) {
    otherwise.region = "us-east-1";
    const auto key = ServiceSigner(signer, clock, otherwise).bearer(keys);
    ASSERT_TRUE(key);
    EXPECT_TRUE(key->reveal().starts_with("bedrock-api-key-"));
    otherwise.region.clear();
    EXPECT_EQ(ServiceSigner(signer, clock, otherwise).bearer(keys).error().remedy, Remedy::usage);
}

}  // namespace
}  // namespace hearth::providers::aws
