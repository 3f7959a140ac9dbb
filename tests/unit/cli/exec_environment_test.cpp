#include "cli/exec_environment.hpp"

#include <gtest/gtest.h>

#include <map>

#include "sources/source.hpp"

namespace hearth::cli {
namespace {

std::map<std::string, std::string> shown(const std::vector<Variable>& variables) {
    std::map<std::string, std::string> all;
    for (const auto& [name, value] : variables) all[name] = value.reveal();
    return all;
}

TEST(ExecEnvironment, has_no_variable_that_carries_or_names_a_credential) {
    for (const auto* name : {"AWS_ACCESS_KEY_ID",
                             "AWS_SECRET_ACCESS_KEY",
                             "AWS_SESSION_TOKEN",
                             "AWS_SECURITY_TOKEN",
                             "AWS_PROFILE",
                             "AWS_DEFAULT_PROFILE",
                             "AWS_ROLE_ARN",
                             "AWS_WEB_IDENTITY_TOKEN_FILE",
                             "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                             "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                             "AWS_BEARER_TOKEN_BEDROCK",
                             "ANTHROPIC_IDENTITY_TOKEN",
                             "ANTHROPIC_PROFILE",
                             "ANTHROPIC_CUSTOM_HEADERS",
                             "CLAUDE_CODE_OAUTH_REFRESH_TOKEN",
                             "CLAUDE_CODE_USE_VERTEX",
                             "CLAUDE_CODE_SKIP_BEDROCK_AUTH",
                             "GOOGLE_APPLICATION_CREDENTIALS",
                             "GOOGLE_OAUTH_ACCESS_TOKEN",
                             "GOOGLE_CREDENTIALS",
                             "GOOGLE_API_KEY",
                             "GEMINI_API_KEY",
                             "CLOUDSDK_AUTH_ACCESS_TOKEN",
                             "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
                             "CLOUDSDK_AUTH_IMPERSONATE_SERVICE_ACCOUNT",
                             "CLOUDSDK_CONFIG",
                             "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES",
                             "NO_GCE_CHECK",
                             "GCE_METADATA_HOST",
                             "GCE_METADATA_MTLS_MODE",
                             "METADATA_SERVER_DETECTION"})
        EXPECT_TRUE(taken_out(name)) << name;
    for (const auto& source : sources::all())
        EXPECT_EQ(taken_out(source.name), source.callers()) << source.name;
}

TEST(ExecEnvironment, keeps_everything_else) {
    for (const auto* name :
         {"PATH", "HOME", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_CA_BUNDLE",
          "AWS_ENDPOINT_URL_STS", "AWS_MAX_ATTEMPTS", "HEARTH_HOME", "CLAUDE_CONFIG_DIR",
          "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_QUOTA_PROJECT", "CLOUD_ML_REGION",
          "ANTHROPIC_VERTEX_BASE_URL", "CLOUDSDK_CORE_PROJECT", "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
          "session"})
        EXPECT_FALSE(taken_out(name)) << name;
}

TEST(ExecEnvironment, says_where_to_ask_for_aws_keys_and_lets_nothing_come_before) {
    const auto set = shown(aws_variables(
        {.url = "http://127.0.0.1:1/x", .authorization = Secret("t"), .region = "eu-central-1"}));
    EXPECT_EQ(set, (std::map<std::string, std::string>{
                       {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/x"},
                       {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "t"},
                       {"AWS_CONFIG_FILE", "/dev/null"},
                       {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
                       {"BOTO_CONFIG", "/dev/null"},
                       {"AWS_EC2_METADATA_DISABLED", "true"},
                       {"AWS_REGION", "eu-central-1"},
                       {"AWS_DEFAULT_REGION", "eu-central-1"}}));
}

TEST(ExecEnvironment, leaves_the_region_alone_where_the_profile_has_none) {
    const auto set = shown(aws_variables({.url = "u", .authorization = Secret("t"), .region = {}}));
    EXPECT_FALSE(set.contains("AWS_REGION"));
    EXPECT_FALSE(set.contains("AWS_DEFAULT_REGION"));
}

TEST(ExecEnvironment, gives_a_claude_program_its_key_or_its_token) {
    EXPECT_EQ(shown(claude_variables("x-api-key", Secret("k"), "")),
              (std::map<std::string, std::string>{{"ANTHROPIC_API_KEY", "k"}}));
    EXPECT_EQ(
        shown(claude_variables("Bearer", Secret("t"), "https://gateway.example")),
        (std::map<std::string, std::string>{{"ANTHROPIC_AUTH_TOKEN", "t"},
                                            {"ANTHROPIC_BASE_URL", "https://gateway.example"}}));
}

TEST(ExecEnvironment, says_where_googles_metadata_server_is_and_lets_nothing_come_before) {
    const auto set = shown(google_variables({.address = "127.0.0.1:4711",
                                             .folder = "/run/empty",
                                             .project = "demo",
                                             .quota_project = "paying",
                                             .unproxied = "intra.example"}));
    EXPECT_EQ(set,
              (std::map<std::string, std::string>{{"GCE_METADATA_HOST", "127.0.0.1:4711"},
                                                  {"GCE_METADATA_IP", "127.0.0.1:4711"},
                                                  {"GCE_METADATA_ROOT", "127.0.0.1:4711"},
                                                  {"METADATA_SERVER_DETECTION", "assume-present"},
                                                  {"CLOUDSDK_CONFIG", "/run/empty"},
                                                  {"GOOGLE_CLOUD_PROJECT", "demo"},
                                                  {"GCLOUD_PROJECT", "demo"},
                                                  {"CLOUDSDK_CORE_PROJECT", "demo"},
                                                  {"GOOGLE_CLOUD_QUOTA_PROJECT", "paying"},
                                                  {"NO_PROXY", "intra.example,127.0.0.1"},
                                                  {"no_proxy", "intra.example,127.0.0.1"}}));
}

TEST(ExecEnvironment, leaves_the_project_alone_where_the_profile_has_none) {
    const auto set = shown(google_variables(
        {.address = "a", .folder = "f", .project = {}, .quota_project = {}, .unproxied = {}}));
    for (const auto* name : {"GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT", "CLOUDSDK_CORE_PROJECT",
                             "GOOGLE_CLOUD_QUOTA_PROJECT"})
        EXPECT_FALSE(set.contains(name)) << name;
}

TEST(ExecEnvironment, leaves_a_star_that_keeps_every_host_from_the_proxy) {
    const auto set = shown(google_variables(
        {.address = "a", .folder = "f", .project = {}, .quota_project = {}, .unproxied = "*"}));
    EXPECT_EQ(set.at("NO_PROXY"), "*");
}

TEST(ExecEnvironment, lets_a_claude_program_use_the_google_account) {
    EXPECT_EQ(shown(claude_by_vertex("demo")),
              (std::map<std::string, std::string>{{"CLAUDE_CODE_USE_VERTEX", "1"},
                                                  {"ANTHROPIC_VERTEX_PROJECT_ID", "demo"}}));
    EXPECT_EQ(shown(claude_by_vertex("")).size(), 1U);
}

}  // namespace
}  // namespace hearth::cli
