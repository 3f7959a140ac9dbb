#include "providers/aws/chain.hpp"

#include <gmock/gmock.h>

#include "unit/aws/configuration.hpp"

namespace hearth::providers::aws {
namespace {

using ::testing::ElementsAre;

TEST(AwsWays, has_the_keys_of_the_environment) {
    GivenVariables variables = key_variables;
    variables["AWS_SESSION_TOKEN"] = "env-token";
    variables["AWS_CREDENTIAL_EXPIRATION"] = "2026-01-02T03:04:05Z";
    variables["AWS_ACCOUNT_ID"] = "123456789012";
    const auto plan = plan_for({.variables = variables});
    const auto& way = std::get<EnvironmentKeys>(plan->way);
    EXPECT_EQ(way.keys.access_key_id, "env-id");
    EXPECT_EQ(way.keys.secret_access_key.reveal(), "env-secret");
    EXPECT_EQ(way.keys.session_token.reveal(), "env-token");
    EXPECT_EQ(way.keys.account_id, "123456789012");
    EXPECT_EQ(way.expiration, "2026-01-02T03:04:05Z");
    EXPECT_EQ(error_of(Asked{.variables = {{"AWS_ACCESS_KEY_ID", "env-id"}}}),
              usage("AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not",
                    "set both, or neither"));
}

TEST(AwsWays, has_static_keys_from_one_file) {
    const auto plan = plan_for(
        {.config = "[default]\n" + keys + "aws_session_token = stray\naws_account_id = 1\n",
         .credentials = "[default]\naws_access_key_id = other\naws_secret_access_key = one\n"});
    const auto& found = std::get<StaticKeys>(plan->way);
    EXPECT_EQ(found.access_key_id, "other");
    EXPECT_EQ(found.secret_access_key.reveal(), "one");
    EXPECT_TRUE(found.session_token.empty());
    EXPECT_EQ(found.account_id, "1");
    EXPECT_EQ(plan->profile, "default");
}

TEST(AwsWays, does_not_make_a_pair_of_keys_out_of_two_files) {
    const std::string hint = "put both into the same section of the same file";
    EXPECT_EQ(
        error_of(Asked{.config = "[default]\naws_secret_access_key = s\n",
                       .credentials = "[default]\naws_access_key_id = id\n"}),
        usage("credentials:2: aws_access_key_id stands here without aws_secret_access_key", hint));
    EXPECT_EQ(error_of("[default]\naws_access_key_id = id\n"),
              usage("config:2: aws_access_key_id stands here without aws_secret_access_key", hint));
}

TEST(AwsWays, has_the_session_token_by_its_older_name_first) {
    const auto token = [](const std::string& lines) {
        return std::string(
            std::get<StaticKeys>(plan_for({.config = "[default]\n" + keys + lines})->way)
                .session_token.reveal());
    };
    EXPECT_EQ(token("aws_session_token = new\n"), "new");
    EXPECT_EQ(token("aws_session_token = new\naws_security_token = old\n"), "old");
}

TEST(AwsWays, has_a_web_identity_from_variables_before_the_profile) {
    const std::string config =
        "[default]\n" + role + "web_identity_token_file = ~/token\nrole_session_name = profile\n";
    const auto by_profile = plan_for({.config = config});
    const auto& profile = std::get<WebIdentity>(by_profile->way);
    EXPECT_EQ(profile.token_file, "/home/me/token");
    EXPECT_EQ(profile.role_arn, arn);
    EXPECT_EQ(profile.role_session_name, "profile");
    const std::string other = "arn:aws:iam::210987654321:role/other";
    const auto by_variables = plan_for({.config = config,
                                        .variables = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"},
                                                      {"AWS_ROLE_ARN", other},
                                                      {"AWS_ROLE_SESSION_NAME", "variable"}}});
    const auto& variable = std::get<WebIdentity>(by_variables->way);
    EXPECT_EQ(variable.token_file, "/t");
    EXPECT_EQ(variable.role_arn, other);
    EXPECT_EQ(variable.role_session_name, "variable");
}

TEST(AwsWays, needs_a_role_for_a_web_identity) {
    const std::string hint = "add role_arn to the profile, or set AWS_ROLE_ARN";
    EXPECT_EQ(error_of(Asked{.variables = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}}}),
              usage("AWS_WEB_IDENTITY_TOKEN_FILE stands there without a role", hint));
    EXPECT_EQ(error_of("[default]\nweb_identity_token_file = /t\n"),
              usage("config:2: web_identity_token_file stands there without a role", hint));
    EXPECT_EQ(
        error_of(Asked{.variables = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, {"AWS_ROLE_ARN", "x"}}})
            .what,
        "AWS_ROLE_ARN is not the ARN of a role");
}

// NOLINTNEXTLINE(cert-err58-cpp): as in configuration.hpp.
const std::string account = "sso_account_id = 123456789012\nsso_role_name = admin\n";

TEST(AwsWays, has_an_identity_center_session) {
    const auto plan =
        plan_for({.config = "[default]\nsso_session = corp\n" + account +
                            "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start#/\n"
                            "sso_region = eu-west-1\nsso_registration_scopes = a:b, c:d\n"});
    ASSERT_TRUE(plan) << plan.error().what;
    const auto& center = std::get<IdentityCenter>(plan->way);
    EXPECT_EQ(center.session, "corp");
    EXPECT_EQ(center.start_url, "https://corp.awsapps.com/start#/");
    EXPECT_EQ(center.region, "eu-west-1");
    EXPECT_THAT(center.scopes, ElementsAre("a:b", "c:d"));
    EXPECT_EQ(center.account_id, "123456789012");
    EXPECT_EQ(center.role_name, "admin");
}

TEST(AwsWays, has_an_identity_center_profile_without_a_session) {
    const auto plan = plan_for({.config = "[default]\n" + account +
                                          "sso_start_url = https://x\nsso_region = eu-west-1\n"});
    const auto& center = std::get<IdentityCenter>(plan->way);
    EXPECT_EQ(center.session, "");
    EXPECT_EQ(center.start_url, "https://x");
    EXPECT_TRUE(center.scopes.empty());
}

TEST(AwsWays, asks_a_session_without_scopes_for_access_to_accounts) {
    const auto plan = plan_for({.config = "[default]\nsso_session = s\n" + account +
                                          "[sso-session s]\nsso_start_url = https://x\n"
                                          "sso_region = eu-west-1\n"});
    EXPECT_THAT(std::get<IdentityCenter>(plan->way).scopes, ElementsAre("sso:account:access"));
}

TEST(AwsWays, refuses_an_identity_center_that_contradicts_itself_or_lacks_something) {
    const std::string session =
        "[sso-session s]\nsso_start_url = https://x\nsso_region = eu-west-1\n";
    const std::string head = "[default]\nsso_session = s\n";
    EXPECT_EQ(error_of(head + "sso_start_url = https://y\n" + account + session),
              usage("config:3: sso_start_url is another one than the sso-session's",
                    "take it out here: the sso-session's is used"));
    EXPECT_EQ(error_of(head + "sso_region = us-east-1\n" + account + session).what,
              "config:3: sso_region is another one than the sso-session's");
    EXPECT_EQ(
        outline(head + "sso_start_url = https://x\nsso_region = eu-west-1\n" + account + session),
        "sso@config:5");
    EXPECT_EQ(error_of(head + account),
              usage("config:2: sso_session names a section that is not there",
                    "add it as [sso-session NAME] with sso_start_url and sso_region"));
    EXPECT_EQ(error_of(head + account + "[sso-session s]\nsso_region = eu-west-1\n"),
              usage("config:5: the sso-session has no sso_start_url", "add sso_start_url to it"));
    EXPECT_EQ(error_of("[default]\n" + account + "sso_start_url = https://x\n"),
              usage("config:1: the profile has no sso_region", "add sso_region to it"));
    EXPECT_EQ(error_of(head + "sso_role_name = admin\n" + session),
              usage("config:1: the profile has no sso_account_id", "add sso_account_id to it"));
    EXPECT_EQ(error_of("[default]\n" + account + "sso_start_url = http://x\nsso_region = a\n"),
              usage("config:4: sso_start_url is not an https address",
                    "it is written https://NAME.awsapps.com/start"));
    EXPECT_EQ(error_of("[default]\n" + account + "sso_start_url = https://x\nsso_region = a.b\n"),
              usage("config:5: sso_region is not the name of a region",
                    "a region is written like eu-central-1"));
}

TEST(AwsWays, has_a_console_login_and_its_cache) {
    const std::string config = "[default]\nlogin_session = arn:aws:sts::1:assumed-role/a/b\n";
    const auto usual = plan_for({.config = config});
    EXPECT_EQ(std::get<ConsoleLogin>(usual->way).login_session, "arn:aws:sts::1:assumed-role/a/b");
    EXPECT_EQ(std::get<ConsoleLogin>(usual->way).cache_folder, "/home/me/.aws/login/cache");
    const auto moved =
        plan_for({.config = config, .variables = {{"AWS_LOGIN_CACHE_DIRECTORY", "/cache"}}});
    EXPECT_EQ(std::get<ConsoleLogin>(moved->way).cache_folder, "/cache");
}

TEST(AwsWays, has_a_container_by_its_relative_address_first) {
    const GivenVariables both{{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x"},
                              {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/y"},
                              {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "token"},
                              {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/file"}};
    const auto plan = plan_for({.variables = both});
    const auto& way = std::get<Container>(plan->way);
    EXPECT_EQ(way.url, "http://169.254.170.2/v2/credentials/x");
    EXPECT_EQ(way.authorization.reveal(), "token");
    EXPECT_EQ(way.authorization_file, "/file");
    const auto full =
        plan_for({.variables = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/y"}}});
    EXPECT_EQ(std::get<Container>(full->way).url, "http://127.0.0.1:1/y");
}

TEST(AwsWays, asks_the_machine_where_and_how_it_is_told_to) {
    const auto metadata = [](const std::string& lines, const GivenVariables& variables = {}) {
        return std::get<InstanceMetadata>(
            plan_for({.config = "[default]\n" + lines, .variables = variables})->way);
    };
    const auto usual = metadata("");
    EXPECT_EQ(usual.endpoint, "http://169.254.169.254");
    EXPECT_FALSE(usual.v1_disabled);
    EXPECT_EQ(usual.timeout, std::chrono::seconds(1));
    EXPECT_EQ(usual.attempts, 1);
    EXPECT_EQ(metadata("ec2_metadata_service_endpoint_mode = ipv6").endpoint,
              "http://[fd00:ec2::254]");
    const std::string lines =
        "ec2_metadata_service_endpoint = http://127.0.0.1:9911/\n"
        "ec2_metadata_v1_disabled = true\nmetadata_service_timeout = 5\n"
        "metadata_service_num_attempts = 3\n";
    const auto by_profile = metadata(lines, {{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}});
    EXPECT_EQ(by_profile.endpoint, "http://127.0.0.1:9911");
    EXPECT_TRUE(by_profile.v1_disabled);
    EXPECT_EQ(by_profile.timeout, std::chrono::seconds(5));
    EXPECT_EQ(by_profile.attempts, 3);
    const auto by_variables =
        metadata(lines, {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1"},
                         {"AWS_EC2_METADATA_V1_DISABLED", "false"},
                         {"AWS_METADATA_SERVICE_TIMEOUT", "2"},
                         {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "4"}});
    EXPECT_EQ(by_variables.endpoint, "http://127.0.0.1:1");
    EXPECT_FALSE(by_variables.v1_disabled);
    EXPECT_EQ(by_variables.timeout, std::chrono::seconds(2));
    EXPECT_EQ(by_variables.attempts, 4);
    EXPECT_EQ(error_of("[default]\nec2_metadata_service_endpoint_mode = v6\n"),
              usage("config:2: ec2_metadata_service_endpoint_mode is neither IPv4 nor IPv6",
                    "write IPv4 or IPv6"));
}

}  // namespace
}  // namespace hearth::providers::aws
