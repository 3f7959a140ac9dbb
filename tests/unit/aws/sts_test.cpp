#include "providers/aws/sts.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"
#include "support/fake_http.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;
using Kind = KeysFailure::Kind;

constexpr const char* address = "https://sts.eu-central-1.amazonaws.com/";
constexpr const char* role_arn = "arn:aws:iam::123456789012:role/builds";

constexpr const char* assumed =
    R"(<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser><AssumedRoleId>AROA:me</AssumedRoleId>
      <Arn>arn:aws:sts::123456789012:assumed-role/builds/me</Arn></AssumedRoleUser>
    <Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>new/secret+</SecretAccessKey>
      <SessionToken>new-token</SessionToken><Expiration>2026-01-02T03:04:05Z</Expiration></Credentials>
  </AssumeRoleResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></AssumeRoleResponse>)";

std::string refusal(std::string_view code, std::string_view message) {
    return "<ErrorResponse><Error><Type>Sender</Type><Code>" + std::string(code) +
           "</Code><Message>" + std::string(message) +
           "</Message></Error><RequestId>r-2</RequestId></ErrorResponse>";
}

class StsCalls : public ::testing::Test {
  protected:
    StsCalls() {
        caller.access_key_id = "AKIA1";
        caller.secret_access_key = Secret("old-secret");
        caller.session_token = Secret("old-token");
        role.role_arn = role_arn;
        role.sts.region = "eu-central-1";
    }
    KeysResult assume() { return sts.assume_role(role, "me", "", caller, {}); }
    std::string sent(std::string_view name, std::size_t request = 0) {
        const auto seen = http.seen().at(request);
        for (const auto& header : seen.headers) {
            if (header.name == name) return header.value;
        }
        return {};
    }

    testing::FakeHttp http;
    testing::FakeClock clock;
    sigv4::Signer signer;
    Sts sts{http, clock, signer};
    StaticKeys caller;
    AssumeRole role;
};

TEST_F(StsCalls, assume_a_role_with_all_that_it_says) {
    http.answer(address, 200, assumed);
    role.external_id = "x&y";
    role.duration = 3600s;
    role.mfa_serial = "arn:aws:iam::123456789012:mfa/me";
    const auto keys = sts.assume_role(role, "me", "123456", caller, {});
    ASSERT_TRUE(keys) << keys.error().error.what;
    EXPECT_EQ(keys->keys.access_key_id, "ASIA1");
    EXPECT_EQ(keys->keys.secret_access_key.reveal(), "new/secret+");
    EXPECT_EQ(keys->keys.session_token.reveal(), "new-token");
    EXPECT_EQ(keys->keys.account_id, "123456789012");
    EXPECT_EQ(keys->expires_at, *parse_rfc3339("2026-01-02T03:04:05Z"));
    EXPECT_EQ(keys->arn, "arn:aws:sts::123456789012:assumed-role/builds/me");

    ASSERT_EQ(http.seen().size(), 1U);
    EXPECT_EQ(http.seen()[0].method, "POST");
    EXPECT_EQ(http.seen()[0].body,
              "Action=AssumeRole&Version=2011-06-15&"
              "RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fbuilds&RoleSessionName=me&"
              "DurationSeconds=3600&ExternalId=x%26y&"
              "SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fme&TokenCode=123456");
    EXPECT_EQ(sent("x-amz-security-token"), "old-token");
    EXPECT_NE(sent("authorization").find("/eu-central-1/sts/aws4_request"), std::string::npos);
    EXPECT_NE(sent("authorization").find("Credential=AKIA1/"), std::string::npos);
    EXPECT_NE(sent("authorization").find("x-amz-security-token"), std::string::npos);
}

TEST_F(StsCalls, with_an_identity_token_are_not_signed) {
    std::string answer = assumed;
    for (auto at = answer.find("AssumeRole"); at != std::string::npos;
         at = answer.find("AssumeRole", at + 30)) {
        if (answer.compare(at, 14, "AssumeRoleResp") == 0 ||
            answer.compare(at, 14, "AssumeRoleResu") == 0)
            answer.insert(at + 10, "WithWebIdentity");
    }
    http.answer(address, 200, answer);
    const WebIdentity web{
        .token_file = "/nowhere", .role_arn = role_arn, .role_session_name = {}, .sts = role.sts};
    const auto keys = sts.assume_role_with_web_identity(web, "me", Secret("identity"), {});
    ASSERT_TRUE(keys) << keys.error().error.what;
    EXPECT_EQ(keys->keys.access_key_id, "ASIA1");
    EXPECT_EQ(sent("authorization"), "");
    EXPECT_NE(http.seen()[0].body.find("WebIdentityToken=identity"), std::string::npos);
}

TEST_F(StsCalls, tell_who_the_caller_is) {
    http.answer(address, 200,
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/me"
                "</Arn><UserId>AIDA</UserId><Account>1</Account></GetCallerIdentityResult>"
                "</GetCallerIdentityResponse>");
    const auto identity = sts.caller_identity(role.sts, caller, {});
    ASSERT_TRUE(identity) << identity.error().error.what;
    EXPECT_EQ(identity->arn, "arn:aws:iam::1:user/me");
    EXPECT_EQ(identity->account, "1");
    EXPECT_EQ(identity->user_id, "AIDA");
}

TEST_F(StsCalls, that_are_refused_say_why_and_what_to_do_and_quote_no_secret) {
    http.answer(address, 403, refusal("AccessDenied", "not with old-secret, nor old-token"));
    const auto keys = assume();
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().kind, Kind::refused);
    const auto& error = keys.error().error;
    EXPECT_EQ(error.remedy, Remedy::failed);
    EXPECT_NE(
        error.what.find("sts.eu-central-1.amazonaws.com: AssumeRole answered 403 (AccessDenied"),
        std::string::npos)
        << error.what;
    EXPECT_NE(error.what.find("[request r-2]"), std::string::npos);
    EXPECT_EQ(error.what.find("old-"), std::string::npos) << error.what;
    EXPECT_EQ(
        error.hint,
        "the caller needs the permission sts:AssumeRole, and the role has to trust the caller");
}

TEST_F(StsCalls, tell_what_passes_from_what_does_not) {
    struct Case {
        int status;
        const char* code;
        Kind kind;
    };
    for (const auto& one :
         {Case{400, "ExpiredTokenException", Kind::expired},
          Case{403, "ExpiredToken", Kind::expired}, Case{400, "Throttling", Kind::passing},
          Case{429, "", Kind::passing}, Case{503, "ServiceUnavailable", Kind::passing},
          Case{400, "IDPCommunicationError", Kind::passing},
          Case{400, "MalformedPolicyDocument", Kind::refused},
          Case{403, "IDPRejectedClaim", Kind::refused}, Case{404, "", Kind::refused}}) {
        testing::FakeHttp server;
        server.answer(address, one.status, refusal(one.code, "why"));
        const auto keys = Sts(server, clock, signer).assume_role(role, "me", "", caller, {});
        ASSERT_FALSE(keys);
        EXPECT_EQ(keys.error().kind, one.kind) << one.status << " " << one.code;
        EXPECT_EQ(keys.error().error.remedy == Remedy::unreachable, one.kind == Kind::passing);
        EXPECT_EQ(server.seen().size(), 1U);
    }
    http.fail(address, HttpFailure::Stage::no_answer);
    EXPECT_EQ(assume().error().kind, Kind::passing);
}

TEST_F(StsCalls, correct_the_time_once_when_the_clock_was_refused) {
    const std::vector<Header> ahead{{"Date", "Fri, 15 Jan 2027 10:00:00 GMT"}};
    const std::vector<Header> punctual_date{{"Date", "Fri, 15 Jan 2027 08:00:01 GMT"}};
    http.answer(address, 403, refusal("SignatureDoesNotMatch", "Signature expired"), ahead);
    http.answer(address, 200, assumed);
    ASSERT_TRUE(assume());
    ASSERT_EQ(http.seen().size(), 2U);
    EXPECT_EQ(sent("x-amz-date", 0), "20270115T080000Z");
    EXPECT_EQ(sent("x-amz-date", 1), "20270115T100000Z");

    testing::FakeHttp stubborn;
    stubborn.answer(address, 403, refusal("RequestExpired", "old"), ahead);
    EXPECT_FALSE(Sts(stubborn, clock, signer).assume_role(role, "me", "", caller, {}));
    EXPECT_EQ(stubborn.seen().size(), 2U);

    testing::FakeHttp punctual;
    punctual.answer(address, 403, refusal("SignatureDoesNotMatch", "wrong key"), punctual_date);
    EXPECT_FALSE(Sts(punctual, clock, signer).assume_role(role, "me", "", caller, {}));
    EXPECT_EQ(punctual.seen().size(), 1U) << "the time was right";
}

TEST_F(StsCalls, whose_answer_lacks_something_are_no_success) {
    for (const char* piece : {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}) {
        std::string answer = assumed;
        for (auto at = answer.find(piece); at != std::string::npos; at = answer.find(piece))
            answer.replace(at, 3, "Not");
        testing::FakeHttp server;
        server.answer(address, 200, answer);
        const auto keys = Sts(server, clock, signer).assume_role(role, "me", "", caller, {});
        ASSERT_FALSE(keys) << piece;
        EXPECT_NE(keys.error().error.what.find("lacks keys"), std::string::npos);
    }
}

TEST(StsPlace, is_the_regions_own_host_or_the_one_that_is_set) {
    struct Case {
        ServiceSettings settings;
        const char* url;
        const char* region;
    };
    using enum StsEndpoints;
    for (const auto& one : {
             Case{{}, "https://sts.amazonaws.com/", "us-east-1"},
             Case{{.region = "eu-central-1"}, address, "eu-central-1"},
             Case{{.region = "eu-central-1", .sts_endpoints = legacy},
                  "https://sts.amazonaws.com/",
                  "us-east-1"},
             Case{{.region = "us-gov-west-1", .sts_endpoints = legacy},
                  "https://sts.us-gov-west-1.amazonaws.com/",
                  "us-gov-west-1"},
             Case{{.region = "cn-north-1"},
                  "https://sts.cn-north-1.amazonaws.com.cn/",
                  "cn-north-1"},
             Case{{.region = "us-east-2", .fips = true},
                  "https://sts-fips.us-east-2.amazonaws.com/",
                  "us-east-2"},
             Case{{.region = "us-east-2", .dual_stack = true},
                  "https://sts.us-east-2.api.aws/",
                  "us-east-2"},
             Case{{.region = "elsewhere", .endpoint_url = "http://127.0.0.1:1/sts"},
                  "http://127.0.0.1:1/sts",
                  "elsewhere"},
         }) {
        const auto place = sts_place(one.settings);
        ASSERT_TRUE(place) << place.error().what;
        EXPECT_EQ(place->url, one.url);
        EXPECT_EQ(place->region, one.region);
    }
}

TEST(StsPlace, is_not_made_of_what_is_no_region) {
    for (const char* region : {"evil.example/", "eu-central", "eu-central-1.evil", "xx-central-1",
                               "us-gov-", "EU-CENTRAL-1", "us-east-1 "}) {
        const auto place = sts_place({.region = region});
        ASSERT_FALSE(place) << region;
        EXPECT_EQ(place.error().remedy, Remedy::usage);
    }
}

TEST(Arn, names_its_account) {
    EXPECT_EQ(account_in("arn:aws:sts::123456789012:assumed-role/a/b"), "123456789012");
    EXPECT_EQ(account_in("arn:aws:s3:::bucket"), "");
    EXPECT_EQ(account_in("nonsense"), "");
}

}  // namespace
}  // namespace hearth::providers::aws
