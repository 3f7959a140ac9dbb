#include "providers/aws/variables.hpp"

#include <gmock/gmock.h>

#include "unit/aws/configuration.hpp"

namespace hearth::providers::aws {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(AwsVariables, are_taken_each_by_its_name) {
    const auto variables = variables_of({{"AWS_ACCESS_KEY_ID", "id"},
                                         {"AWS_SECRET_ACCESS_KEY", "secret"},
                                         {"AWS_SESSION_TOKEN", "token"},
                                         {"AWS_CREDENTIAL_EXPIRATION", "2026-01-02T03:04:05Z"},
                                         {"AWS_ACCOUNT_ID", "account"},
                                         {"AWS_CONFIG_FILE", "config"},
                                         {"AWS_SHARED_CREDENTIALS_FILE", "credentials"},
                                         {"AWS_ROLE_ARN", "role"},
                                         {"AWS_ROLE_SESSION_NAME", "session"},
                                         {"AWS_WEB_IDENTITY_TOKEN_FILE", "identity"},
                                         {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/relative"},
                                         {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "full"},
                                         {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "authorization"},
                                         {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "file"},
                                         {"AWS_EC2_METADATA_DISABLED", "TRUE"},
                                         {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "metadata"},
                                         {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"},
                                         {"AWS_EC2_METADATA_V1_DISABLED", "false"},
                                         {"AWS_METADATA_SERVICE_TIMEOUT", "5"},
                                         {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3"}});
    ASSERT_TRUE(variables);
    EXPECT_EQ(variables->keys.access_key_id, "id");
    EXPECT_EQ(variables->keys.secret_access_key.reveal(), "secret");
    EXPECT_EQ(variables->keys.session_token.reveal(), "token");
    EXPECT_EQ(variables->keys.expiration, "2026-01-02T03:04:05Z");
    EXPECT_EQ(variables->keys.account_id, "account");
    EXPECT_EQ(variables->config_file, "config");
    EXPECT_EQ(variables->credentials_file, "credentials");
    EXPECT_EQ(variables->role_arn, "role");
    EXPECT_EQ(variables->role_session_name, "session");
    EXPECT_EQ(variables->web_identity_token_file, "identity");
    EXPECT_EQ(variables->container.relative_uri, "/relative");
    EXPECT_EQ(variables->container.full_uri, "full");
    EXPECT_EQ(variables->container.authorization_token.reveal(), "authorization");
    EXPECT_EQ(variables->container.authorization_token_file, "file");
    EXPECT_TRUE(variables->metadata.disabled);
    EXPECT_EQ(variables->metadata.endpoint, "metadata");
    EXPECT_EQ(variables->metadata.endpoint_mode, "IPv6");
    EXPECT_EQ(variables->metadata.v1_disabled, false);
    EXPECT_EQ(variables->metadata.timeout, std::chrono::seconds(5));
    EXPECT_EQ(variables->metadata.attempts, 3);
    EXPECT_THAT(variables->notes, IsEmpty());
}

TEST(AwsVariables, that_steer_requests_are_taken_each_by_its_name) {
    const auto variables = variables_of({{"AWS_STS_REGIONAL_ENDPOINTS", "legacy"},
                                         {"AWS_ENDPOINT_URL", "all"},
                                         {"AWS_ENDPOINT_URL_STS", "sts"},
                                         {"AWS_ENDPOINT_URL_SSO", "sso"},
                                         {"AWS_ENDPOINT_URL_SSO_OIDC", "oidc"},
                                         {"AWS_ENDPOINT_URL_SIGNIN", "signin"},
                                         {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"},
                                         {"AWS_USE_FIPS_ENDPOINT", "true"},
                                         {"AWS_USE_DUALSTACK_ENDPOINT", "false"},
                                         {"AWS_CA_BUNDLE", "bundle"},
                                         {"AWS_SIGV4A_SIGNING_REGION_SET", "*"},
                                         {"AWS_BEARER_TOKEN_BEDROCK", "bearer"},
                                         {"AWS_LOGIN_CACHE_DIRECTORY", "cache"}});
    ASSERT_TRUE(variables);
    EXPECT_EQ(variables->sts_regional_endpoints, "legacy");
    EXPECT_EQ(variables->endpoint_url, "all");
    EXPECT_THAT(variables->service_endpoint_urls, ElementsAre("sts", "sso", "oidc", "signin"));
    EXPECT_TRUE(variables->ignore_configured_endpoint_urls);
    EXPECT_EQ(variables->use_fips_endpoint, true);
    EXPECT_EQ(variables->use_dualstack_endpoint, false);
    EXPECT_EQ(variables->ca_bundle, "bundle");
    EXPECT_EQ(variables->sigv4a_signing_region_set, "*");
    EXPECT_EQ(variables->bedrock_bearer_token.reveal(), "bearer");
    EXPECT_EQ(variables->login_cache_directory, "cache");
}

TEST(AwsVariables, of_two_names_for_one_thing_have_a_winner_and_a_note) {
    struct Pair {
        const char* winner;
        const char* other;
        std::string (*value)(const Variables&);
    };
    for (const auto& [winner, other, value] :
         {Pair{"AWS_DEFAULT_PROFILE", "AWS_PROFILE", [](const Variables& v) { return v.profile; }},
          Pair{"AWS_REGION", "AWS_DEFAULT_REGION", [](const Variables& v) { return v.region; }},
          Pair{"AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN",
               [](const Variables& v) { return std::string(v.keys.session_token.reveal()); }}}) {
        EXPECT_EQ(value(*variables_of({{other, "b"}})), "b");
        EXPECT_EQ(value(*variables_of({{winner, ""}, {other, "b"}})), "b");
        EXPECT_THAT(variables_of({{winner, "a"}, {other, "a"}})->notes, IsEmpty());
        const auto both = variables_of({{winner, "a"}, {other, "b"}});
        EXPECT_EQ(value(*both), "a");
        EXPECT_THAT(both->notes,
                    ElementsAre(std::string(other) + " is set to something else than " + winner +
                                ", which is the one that counts"));
    }
    EXPECT_EQ(variables_of({{"AWS_PROFILE", "b"}})->profile_by, "AWS_PROFILE");
    EXPECT_EQ(variables_of({{"AWS_DEFAULT_PROFILE", "b"}})->profile_by, "AWS_DEFAULT_PROFILE");
    EXPECT_EQ(variables_of({})->profile_by, "");
}

TEST(AwsVariables, that_are_set_and_empty_count_as_absent) {
    const auto variables = variables_of({{"AWS_PROFILE", ""},
                                         {"AWS_SECRET_ACCESS_KEY", ""},
                                         {"AWS_USE_FIPS_ENDPOINT", ""},
                                         {"AWS_METADATA_SERVICE_TIMEOUT", ""}});
    ASSERT_TRUE(variables);
    EXPECT_EQ(variables->profile, "");
    EXPECT_TRUE(variables->keys.secret_access_key.empty());
    EXPECT_EQ(variables->use_fips_endpoint, std::nullopt);
    EXPECT_THAT(variables->notes,
                ElementsAre("AWS_SECRET_ACCESS_KEY is set and empty: it counts as absent",
                            "AWS_PROFILE is set and empty: it counts as absent",
                            "AWS_METADATA_SERVICE_TIMEOUT is set and empty: it counts as absent",
                            "AWS_USE_FIPS_ENDPOINT is set and empty: it counts as absent"));
}

TEST(AwsVariables, that_are_no_flag_or_number_are_an_error_without_the_value) {
    for (const auto* name :
         {"AWS_EC2_METADATA_DISABLED", "AWS_EC2_METADATA_V1_DISABLED", "AWS_USE_FIPS_ENDPOINT",
          "AWS_USE_DUALSTACK_ENDPOINT", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"}) {
        EXPECT_EQ(variables_of({{name, "1"}}).error(),
                  (Error{Remedy::usage, std::string(name) + " is neither true nor false",
                         "set it to true or to false, or unset it"}));
    }
    EXPECT_EQ(
        variables_of({{"AWS_METADATA_SERVICE_TIMEOUT", "0"}}).error(),
        (Error{Remedy::usage, "AWS_METADATA_SERVICE_TIMEOUT is not a whole number from 1 to 3600",
               "set it to one, or unset it"}));
    EXPECT_FALSE(variables_of({{"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "1.5"}}));
}

TEST(AwsVariables, for_bearer_tokens_are_named_for_the_service) {
    EXPECT_EQ(bearer_token_variable("bedrock"), "AWS_BEARER_TOKEN_BEDROCK");
    EXPECT_EQ(bearer_token_variable("bedrock-agent core2"), "AWS_BEARER_TOKEN_BEDROCK_AGENT_CORE2");
}

}  // namespace
}  // namespace hearth::providers::aws
