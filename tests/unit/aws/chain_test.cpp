#include "providers/aws/chain.hpp"

#include <gmock/gmock.h>

#include <fstream>

#include "unit/aws/configuration.hpp"

namespace hearth::providers::aws {
namespace {

using ::testing::ElementsAreArray;

TEST(AwsChain, is_documented_in_its_order) {
    std::ifstream file(HEARTH_SOURCE_DIR "/docs/aws.md");
    std::vector<std::string> documented;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line == "<!-- ways -->") inside = true;
        if (line == "<!-- /ways -->") inside = false;
        if (inside && line.starts_with("| `")) documented.push_back(line);
    }
    std::vector<std::string> rows;
    for (const auto& [name, trigger] : ways())
        rows.push_back("| `" + std::string(name) + "` | " + std::string(trigger) + " |");
    EXPECT_THAT(documented, ElementsAreArray(rows));
}

// Everything that can be configured at once, one thing fewer in each round.
TEST(AwsChain, takes_the_first_way_that_is_configured) {
    GivenVariables variables = key_variables;
    variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token";
    variables["AWS_ROLE_ARN"] = arn;
    variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1/";
    const std::string sso =
        "sso_account_id = 1\nsso_role_name = r\nsso_start_url = https://x\nsso_region = a\n";
    const std::string role_on_itself = role + "source_profile = default\n";
    const std::string head = "[default]\n";
    const std::string rest = "credential_process = p\nlogin_session = l\n" + keys;
    const std::string credentials = "[default]\n" + keys;
    const auto next = [&](const std::string& config, const std::string& file) {
        return outline(Asked{.config = config, .credentials = file, .variables = variables});
    };
    EXPECT_EQ(next(head + role_on_itself + sso + rest, credentials), "env@AWS_ACCESS_KEY_ID");
    variables.erase("AWS_ACCESS_KEY_ID");
    EXPECT_EQ(next(head + role_on_itself + sso + rest, credentials),
              "assume-role@config:2 < shared-credentials-file@credentials:2");
    EXPECT_EQ(next(head + sso + rest, credentials),
              "assume-role-with-web-identity@AWS_WEB_IDENTITY_TOKEN_FILE");
    variables.erase("AWS_WEB_IDENTITY_TOKEN_FILE");
    EXPECT_EQ(next(head + sso + rest, credentials), "sso@config:2");
    EXPECT_EQ(next(head + rest, credentials), "shared-credentials-file@credentials:2");
    EXPECT_EQ(next(head + rest, ""), "login@config:3");
    EXPECT_EQ(next(head + "credential_process = p\n" + keys, ""), "custom-process@config:2");
    EXPECT_EQ(next(head + keys, ""), "config-file@config:2");
    EXPECT_EQ(next(head, ""), "container-role@AWS_CONTAINER_CREDENTIALS_FULL_URI");
    variables.erase("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    EXPECT_EQ(next(head, ""), "iam-role@the machine's metadata service");
    variables["AWS_EC2_METADATA_DISABLED"] = "true";
    EXPECT_EQ(next(head, ""), "error: nothing says where credentials for AWS come from");
}

TEST(AwsChain, has_nothing_where_nothing_is_configured) {
    EXPECT_EQ(error_of(Asked{.variables = {{"AWS_EC2_METADATA_DISABLED", "true"}}}),
              usage("nothing says where credentials for AWS come from",
                    "add a [default] section to config, or set AWS_PROFILE"));
}

TEST(AwsChain, takes_the_profile_that_is_named_then_the_variables_then_the_default) {
    const std::string config =
        "[default]\ncredential_process = d\n[profile a]\n"
        "credential_process = a\n[profile b]\ncredential_process = b\n";
    EXPECT_EQ(outline(config), "custom-process@config:2");
    EXPECT_EQ(outline(Asked{.config = config, .variables = {{"AWS_PROFILE", "a"}}}),
              "custom-process@config:4");
    EXPECT_EQ(outline(Asked{.config = config, .variables = {{"AWS_PROFILE", "a"}}, .profile = "b"}),
              "custom-process@config:6");
}

TEST(AwsChain, needs_a_profile_that_is_named_to_be_there) {
    EXPECT_EQ(error_of(Asked{.profile = "work"}),
              usage("profile work is in neither of AWS's files",
                    "add it as [profile NAME] to config, or name another one"));
    EXPECT_EQ(error_of(Asked{.variables = {{"AWS_PROFILE", "work"}}}).what,
              "AWS_PROFILE names a profile that is in neither file");
    EXPECT_EQ(error_of(Asked{.profile = "no name"}).what,
              "the profile asked for is in neither of AWS's files");
}

TEST(AwsChain, leaves_keys_and_tokens_of_variables_alone_for_a_profile_that_is_named) {
    GivenVariables variables = key_variables;
    EXPECT_EQ(outline(Asked{.config = "[profile a]\ncredential_process = a",
                            .variables = variables,
                            .profile = "a"}),
              "custom-process@config:2");
    variables["AWS_PROFILE"] = "a";
    EXPECT_EQ(
        outline(Asked{.config = "[profile a]\ncredential_process = a", .variables = variables}),
        "env@AWS_ACCESS_KEY_ID");
    EXPECT_EQ(
        outline(Asked{.config = "[profile a]\ncredential_process = a",
                      .variables = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, {"AWS_ROLE_ARN", arn}},
                      .profile = "a"}),
        "custom-process@config:2");
}

TEST(AwsChain, does_not_turn_to_the_machine_where_half_a_sign_in_is_configured) {
    EXPECT_EQ(error_of("[default]\nsso_session = s\n"),
              usage("config:2: the profile has an sso_session, and no account and role",
                    "add sso_account_id and sso_role_name to it"));
    EXPECT_EQ(outline("[default]\nsso_session = s\n" + keys), "config-file@config:3");
}

}  // namespace
}  // namespace hearth::providers::aws
