#include "providers/aws/resolve.hpp"

#include <gtest/gtest.h>

#include <map>

#include "support/fake_clock.hpp"
#include "support/fake_http.hpp"
#include "support/fake_random.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;
using Kind = KeysFailure::Kind;

constexpr const char* sts = "http://127.0.0.1:1/";
constexpr const char* container = "http://169.254.170.2/v2/credentials/1";
constexpr const char* instance = "http://169.254.169.254";
constexpr const char* keys_in_json =
    R"({"Code":"Success","AccessKeyId":"ASIA2","SecretAccessKey":"s","Token":"t",
        "Expiration":"2027-01-15T14:00:00Z","AccountId":"123456789012"})";

class KnownFiles : public PlanFiles {
  public:
    Result<Secret> file(const std::string& path, std::size_t /*limit*/) override {
        const auto found = files.find(path);
        if (found == files.end())
            return std::unexpected(Error{Remedy::failed, "cannot read " + path, ""});
        return Secret(found->second);
    }
    std::map<std::string, std::string> files;
};

std::string assumed(const std::string& action, int number) {
    const auto n = std::to_string(number);
    return "<" + action + "Response><" + action +
           "Result><AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/r" + n +
           "/me</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIA" + n +
           "</AccessKeyId><SecretAccessKey>secret" + n + "</SecretAccessKey><SessionToken>token" +
           n + "</SessionToken><Expiration>2027-01-15T09:00:00Z</Expiration></Credentials></" +
           action + "Result></" + action + "Response>";
}

Plan plan_of(auto way) {
    Plan plan{.way = std::move(way), .name = {}, .profile = "work", .place = "config:3"};
    return plan;
}

Plan static_keys() {
    return plan_of(StaticKeys{.access_key_id = "AKIA0",
                              .secret_access_key = Secret("secret0"),
                              .session_token = {},
                              .account_id = {}});
}

AssumeRole role_on(Plan source, const std::string& name) {
    AssumeRole role;
    role.role_arn = "arn:aws:iam::1:role/" + name;
    role.sts.endpoint_url = sts;
    role.source = std::make_unique<Plan>(std::move(source));
    return role;
}

class PlannedKeys : public ::testing::Test {
  protected:
    KeysResult get(const Plan& plan, std::string_view code = "") {
        return keys_of(plan, "hearth-me", code, outside, {});
    }

    testing::FakeHttp http;
    testing::FakeClock clock;
    testing::FakeRandom random;
    KnownFiles files;
    sigv4::Signer signer;
    RoleKeys role_keys;
    Outside outside{.http = http,
                    .clock = clock,
                    .random = random,
                    .files = files,
                    .signer = signer,
                    .role_keys = role_keys};
};

TEST_F(PlannedKeys, that_are_written_down_are_those) {
    const auto keys = get(static_keys());
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->keys.access_key_id, "AKIA0");
    EXPECT_FALSE(keys->expires_at);
}

TEST_F(PlannedKeys, of_a_chain_are_asked_for_with_those_of_the_role_before) {
    http.answer(sts, 200, assumed("AssumeRole", 1));
    http.answer(sts, 200, assumed("AssumeRole", 2));
    http.answer(sts, 200, assumed("AssumeRole", 3));
    auto second = role_on(plan_of(role_on(static_keys(), "first")), "second");
    second.role_session_name = "its-own";
    const auto keys = get(plan_of(role_on(plan_of(std::move(second)), "third")));
    ASSERT_TRUE(keys) << keys.error().error.what;
    EXPECT_EQ(keys->keys.access_key_id, "ASIA3");
    EXPECT_EQ(keys->arn, "arn:aws:sts::1:assumed-role/r3/me");

    const auto seen = http.seen();
    ASSERT_EQ(seen.size(), 3U);
    const std::array asked_with{"Credential=AKIA0/", "Credential=ASIA1/", "Credential=ASIA2/"};
    const std::array names{"=hearth-me", "=its-own", "=hearth-me"};
    const std::array roles{"role%2Ffirst", "role%2Fsecond", "role%2Fthird"};
    for (std::size_t i = 0; i < seen.size(); ++i) {
        EXPECT_NE(seen[i].headers.back().value.find(asked_with[i]), std::string::npos);
        EXPECT_NE(seen[i].body.find(std::string("RoleSessionName") + names[i]), std::string::npos);
        EXPECT_NE(seen[i].body.find(roles[i]), std::string::npos);
    }
}

TEST_F(PlannedKeys, of_a_chain_that_breaks_are_none) {
    http.answer(sts, 200, assumed("AssumeRole", 1));
    http.answer(sts, 403,
                "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
    const auto keys = get(plan_of(role_on(plan_of(role_on(static_keys(), "first")), "second")));
    ASSERT_FALSE(keys);
    EXPECT_EQ(keys.error().kind, Kind::refused);
    EXPECT_EQ(http.seen().size(), 2U);
}

TEST_F(PlannedKeys, of_a_role_with_a_device_want_a_code_first) {
    http.answer(sts, 200, assumed("AssumeRole", 1));
    auto role = role_on(static_keys(), "first");
    role.mfa_serial = "arn:aws:iam::1:mfa/me";
    const auto plan = plan_of(std::move(role));
    const auto without = get(plan);
    ASSERT_FALSE(without);
    EXPECT_EQ(without.error().kind, Kind::needs_person);
    EXPECT_EQ(without.error().error.remedy, Remedy::sign_in);
    EXPECT_TRUE(http.seen().empty());
    ASSERT_TRUE(get(plan, "123456"));
    EXPECT_NE(http.seen().at(0).body.find("TokenCode=123456"), std::string::npos);
}

TEST_F(PlannedKeys, of_an_identity_token_are_asked_for_with_the_file_as_it_is_now) {
    http.answer(sts, 200, assumed("AssumeRoleWithWebIdentity", 1));
    WebIdentity way{.token_file = "/token",
                    .role_arn = "arn:aws:iam::1:role/r",
                    .role_session_name = {},
                    .sts = {}};
    way.sts.endpoint_url = sts;
    const auto plan = plan_of(std::move(way));
    const auto missing = get(plan);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().error.what, "cannot read /token");
    files.files["/token"] = " \n";
    EXPECT_EQ(get(plan).error().error.what, "/token holds no identity token");
    EXPECT_TRUE(http.seen().empty());
    files.files["/token"] = "first\n";
    ASSERT_TRUE(get(plan));
    files.files["/token"] = "second\n";
    ASSERT_TRUE(get(plan));
    EXPECT_NE(http.seen().at(0).body.find("WebIdentityToken=first"), std::string::npos);
    EXPECT_NE(http.seen().at(1).body.find("WebIdentityToken=second"), std::string::npos);
}

TEST_F(PlannedKeys, of_the_environment_expire_when_it_says_so) {
    const auto expiring = [](std::string when) {
        EnvironmentKeys way;
        way.keys.access_key_id = "AKIA9";
        way.keys.secret_access_key = Secret("s");
        way.expiration = std::move(when);
        return plan_of(std::move(way));
    };
    EXPECT_FALSE(get(expiring(""))->expires_at);
    EXPECT_EQ(get(expiring("2027-01-15T08:00:01Z"))->expires_at,
              *parse_rfc3339("2027-01-15T08:00:01Z"));
    EXPECT_EQ(get(expiring("2027-01-15T08:00:00Z")).error().kind, Kind::expired);
    EXPECT_EQ(get(expiring("soon")).error().error.remedy, Remedy::usage);
}

TEST_F(PlannedKeys, of_a_container_are_asked_for_with_what_the_file_holds_now) {
    http.answer(container, 200, keys_in_json);
    const auto plan = plan_of(Container{.url = container,
                                        .authorization = Secret("variable"),
                                        .authorization_file = "/authorization"});
    files.files["/authorization"] = "Basic s3cret";
    const auto keys = get(plan);
    ASSERT_TRUE(keys) << keys.error().error.what;
    EXPECT_EQ(keys->keys.access_key_id, "ASIA2");
    EXPECT_EQ(keys->keys.account_id, "123456789012");
    EXPECT_EQ(keys->expires_at, *parse_rfc3339("2027-01-15T14:00:00Z"));
    EXPECT_EQ(http.seen().at(0).method, "GET");
    const std::vector<Header> headers{{"Accept", "application/json"},
                                      {"Authorization", "Basic s3cret"}};
    EXPECT_EQ(http.seen().at(0).headers, headers);

    files.files["/authorization"] = "Basic s3cret\r\nX-Other: 1";
    EXPECT_NE(get(plan).error().error.what.find("line end"), std::string::npos);
    EXPECT_EQ(http.seen().size(), 1U);
}

TEST_F(PlannedKeys, that_a_container_refuses_are_explained_without_the_secret) {
    const auto plan = plan_of(Container{
        .url = container, .authorization = Secret("s3cret-token"), .authorization_file = {}});
    http.answer(container, 400, R"({"code":"NoRole","message":"s3cret-token has none"})");
    http.answer(container, 503, "");
    http.answer(container, 200, "<html>");
    http.answer(container, 200, R"({"AccessKeyId":"A"})");
    const auto refused = get(plan);
    EXPECT_EQ(refused.error().kind, Kind::refused);
    EXPECT_EQ(refused.error().error.what,
              "the container's credentials endpoint at http://169.254.170.2 answered 400 (NoRole)");
    EXPECT_EQ(get(plan).error().kind, Kind::passing);
    EXPECT_EQ(get(plan).error().kind, Kind::refused);
    EXPECT_EQ(get(plan).error().kind, Kind::refused);
}

TEST_F(PlannedKeys, of_a_container_are_not_asked_for_just_anywhere) {
    for (const std::string url : {"http://evil.example/keys", "http://169.254.169.254/keys",
                                  "http://10.0.0.1/keys", "ftp://127.0.0.1/keys", "nonsense"}) {
        const auto keys = get(plan_of(
            Container{.url = url, .authorization = Secret("s3cret"), .authorization_file = {}}));
        ASSERT_FALSE(keys) << url;
        EXPECT_EQ(keys.error().kind, Kind::refused);
    }
    EXPECT_TRUE(http.seen().empty());
    for (const std::string url : {"https://example.com/keys", "http://127.0.0.2:1/keys",
                                  "http://[::1]:1/keys", "http://[fd00:ec2::23]/v1/credentials"}) {
        http.answer(url, 200, keys_in_json);
        EXPECT_TRUE(
            get(plan_of(Container{.url = url, .authorization = {}, .authorization_file = {}})))
            << url;
    }
}

class InstanceKeys : public PlannedKeys {
  protected:
    InstanceKeys() {
        http.answer(std::string(instance) + "/latest/api/token", 200, "proof");
        http.answer(roles, 200, "builds");
    }
    const std::string roles = std::string(instance) + "/latest/meta-data/iam/security-credentials/";
    const Plan plan = plan_of(InstanceMetadata{.endpoint = instance});
};

TEST_F(InstanceKeys, are_asked_for_by_a_token_and_the_roles_name) {
    http.answer(roles + "builds", 200, keys_in_json);
    const auto keys = get(plan);
    ASSERT_TRUE(keys) << keys.error().error.what;
    EXPECT_EQ(keys->keys.access_key_id, "ASIA2");
    EXPECT_EQ(keys->expires_at, *parse_rfc3339("2027-01-15T14:00:00Z"));
    const auto seen = http.seen();
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0].method, "PUT");
    EXPECT_EQ(seen[0].headers.at(0).name, "x-aws-ec2-metadata-token-ttl-seconds");
    for (const std::size_t i : {1U, 2U}) {
        EXPECT_EQ(seen[i].method, "GET");
        EXPECT_EQ(seen[i].headers.at(0), (Header{"x-aws-ec2-metadata-token", "proof"}));
    }
}

TEST_F(InstanceKeys, that_have_expired_are_used_a_while_longer) {
    std::string old = keys_in_json;
    old.replace(old.find("2027-01-15T14"), 13, "2027-01-15T07");
    http.answer(roles + "builds", 200, old);
    const auto keys = get(plan);
    ASSERT_TRUE(keys);
    EXPECT_GE(*keys->expires_at, clock.now().wall + 17min);
    EXPECT_LE(*keys->expires_at, clock.now().wall + 25min);
}

TEST_F(InstanceKeys, are_none_where_something_else_answers) {
    http.answer(roles + "builds", 200, R"({"Code":"Failed","Message":"not now"})");
    const auto failed = get(plan);
    EXPECT_EQ(failed.error().kind, Kind::passing);
    EXPECT_NE(failed.error().error.what.find("(Failed: not now)"), std::string::npos);

    testing::FakeHttp portal;
    portal.answer(std::string(instance) + "/latest/api/token", 200, "<html>\nlog in</html>");
    const Outside behind{.http = portal,
                         .clock = clock,
                         .random = random,
                         .files = files,
                         .signer = signer,
                         .role_keys = role_keys};
    EXPECT_EQ(keys_of(plan, "me", "", behind, {}).error().kind, Kind::refused);

    testing::FakeHttp silent;
    silent.fail(std::string(instance) + "/latest/api/token", HttpFailure::Stage::not_sent);
    const Outside nowhere{.http = silent,
                          .clock = clock,
                          .random = random,
                          .files = files,
                          .signer = signer,
                          .role_keys = role_keys};
    EXPECT_EQ(keys_of(plan, "me", "", nowhere, {}).error().kind, Kind::passing);
    EXPECT_EQ(silent.seen().size(), 1U) << "version 1 is not asked";
}

TEST_F(PlannedKeys, that_only_a_person_or_a_program_can_get_say_so) {
    EXPECT_EQ(get(plan_of(IdentityCenter{})).error().kind, Kind::needs_person);
    EXPECT_EQ(get(plan_of(ConsoleLogin{})).error().kind, Kind::needs_person);
    EXPECT_EQ(get(plan_of(Process{.command = "s3cret"})).error().kind, Kind::needs_program);
    EXPECT_EQ(get(plan_of(Process{.command = "s3cret"})).error().error.what,
              "the keys of profile 'work' come from a command (config:3)");
}

}  // namespace
}  // namespace hearth::providers::aws
