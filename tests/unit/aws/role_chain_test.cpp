#include "providers/aws/chain.hpp"

#include <gmock/gmock.h>

#include "unit/aws/configuration.hpp"

namespace hearth::providers::aws {
namespace {

TEST(AwsRoles, has_a_role_with_all_its_parameters) {
    const auto plan = plan_for(
        {.config = "[profile a]\n" + role +
                   "source_profile = b\nrole_session_name = me@host\nexternal_id = 42\n"
                   "mfa_serial = arn:aws:iam::123456789012:mfa/me\nduration_seconds = 900\n"
                   "region = eu-west-1\n[profile b]\nregion = us-east-2\n" +
                   keys,
         .profile = "a"});
    ASSERT_TRUE(plan) << plan.error().what;
    const auto& way = std::get<AssumeRole>(plan->way);
    EXPECT_EQ(way.role_arn, arn);
    EXPECT_EQ(way.role_session_name, "me@host");
    EXPECT_EQ(way.external_id, "42");
    EXPECT_EQ(way.mfa_serial, "arn:aws:iam::123456789012:mfa/me");
    EXPECT_EQ(way.duration, std::chrono::seconds(900));
    EXPECT_EQ(way.sts.region, "eu-west-1");
    EXPECT_EQ(plan->profile, "a");
    EXPECT_EQ(way.source->profile, "b");
    EXPECT_EQ(std::get<StaticKeys>(way.source->way).access_key_id, "id");
}

TEST(AwsRoles, follows_roles_that_rest_on_roles) {
    std::string config = "[default]\n" + role + "source_profile = p1\n";
    for (int i = 1; i <= 98; ++i)
        config += "[profile p" + std::to_string(i) + "]\n" + role + "source_profile = p" +
                  std::to_string(i + 1) + "\n";
    const auto plan = plan_for({.config = config + "[profile p99]\n" + keys});
    ASSERT_TRUE(plan) << plan.error().what;
    int roles = 0;
    const auto* step = &*plan;
    for (; std::holds_alternative<AssumeRole>(step->way); ++roles)
        step = std::get<AssumeRole>(step->way).source.get();
    EXPECT_EQ(roles, 99);
    EXPECT_EQ(step->profile, "p99");
}

TEST(AwsRoles, ends_at_a_hundred_profiles) {
    std::string config = "[default]\n" + role + "source_profile = p1\n";
    for (int i = 1; i <= 5000; ++i)
        config += "[profile p" + std::to_string(i) + "]\n" + role + "source_profile = p" +
                  std::to_string(i + 1) + "\n";
    EXPECT_EQ(error_of(config), usage("config:302: more than 100 profiles rest on each other",
                                      "let one of them have credentials of its own"));
}

TEST(AwsRoles, names_a_circle_in_full) {
    const auto profile = [](const std::string& name, const std::string& source) {
        return "[profile " + name + "]\n" + role + "source_profile = " + source + "\n";
    };
    const auto circle = profile("a", "b") + profile("b", "c") + profile("c", "a");
    EXPECT_EQ(error_of(Asked{.config = circle, .profile = "a"}),
              usage("config:9: source_profile leads in a circle: a → b → c → a",
                    "let one of these profiles have credentials of its own"));
    EXPECT_EQ(error_of(Asked{.config = profile("x", "a") + circle, .profile = "x"}).what,
              "config:12: source_profile leads in a circle: x → a → b → c → a");
    EXPECT_EQ(error_of(Asked{.config = profile("a", "a"), .profile = "a"}).what,
              "config:3: source_profile leads in a circle: a → a");
    EXPECT_EQ(error_of(Asked{.config = profile("a", "b") + profile("b", "b"), .profile = "a"}).what,
              "config:6: source_profile leads in a circle: a → b → b");
}

TEST(AwsRoles, lets_a_profile_with_keys_be_its_own_source) {
    EXPECT_EQ(outline("[default]\n" + role + "source_profile = default\n" + keys),
              "assume-role@config:2 < config-file@config:4");
}

TEST(AwsRoles, passes_over_keys_beside_the_first_role) {
    EXPECT_EQ(outline("[default]\n" + keys + role + "source_profile = b\n[profile b]\n" +
                      "credential_process = p\n"),
              "assume-role@config:4 < custom-process@config:7");
}

TEST(AwsRoles, takes_keys_before_the_role_of_a_later_profile) {
    EXPECT_EQ(outline("[default]\n" + role + "source_profile = b\n[profile b]\n" + role +
                      "source_profile = c\n" + keys + "[profile c]\n"),
              "assume-role@config:2 < config-file@config:7");
    EXPECT_EQ(outline(Asked{.config = "[default]\n" + role + "source_profile = b\n[profile b]\n" +
                                      role + "source_profile = default\n",
                            .credentials = "[b]\n" + keys}),
              "assume-role@config:2 < shared-credentials-file@credentials:2");
}

TEST(AwsRoles, leaves_a_profile_with_a_web_identity_to_that) {
    EXPECT_EQ(outline("[default]\n" + role + "web_identity_token_file = /t\nsource_profile = b\n"),
              "assume-role-with-web-identity@config:3");
    EXPECT_EQ(outline("[default]\n" + role + "source_profile = b\n[profile b]\n" + role +
                      "web_identity_token_file = /t\n"),
              "assume-role@config:2 < assume-role-with-web-identity@config:6");
}

TEST(AwsRoles, takes_a_source_profile_by_its_own_settings_alone) {
    const GivenVariables variables{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1/"},
                                   {"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"},
                                   {"AWS_ROLE_ARN", arn}};
    EXPECT_EQ(error_of(Asked{.config = "[default]\n" + role + "source_profile = b\n[profile b]\n",
                             .variables = variables}),
              usage("config:3: the profile that source_profile names has no credentials",
                    "give it some, or name another one"));
}

TEST(AwsRoles, needs_exactly_one_source_for_a_role) {
    EXPECT_EQ(error_of("[default]\n" + role),
              usage("config:2: the role has neither source_profile nor credential_source",
                    "add source_profile = NAME, or credential_source = Environment"));
    EXPECT_EQ(error_of("[default]\n" + role + "source_profile = b\n" +
                       "credential_source = Environment\n"),
              usage("config:4: the profile has both source_profile and credential_source",
                    "take one of them out"));
    EXPECT_EQ(error_of("[default]\n" + role + "source_profile = b\n[profile b]\n" + role).what,
              "config:5: the role has neither source_profile nor credential_source");
    EXPECT_EQ(error_of("[default]\n" + role + keys).what,
              "config:2: the role has neither source_profile nor credential_source");
}

TEST(AwsRoles, needs_the_source_profile_to_be_there) {
    EXPECT_EQ(error_of("[default]\n" + role + "source_profile = b\n"),
              usage("config:3: source_profile names a profile that is in neither file",
                    "add that profile, or name another one"));
}

TEST(AwsRoles, knows_the_three_sources_by_name) {
    const auto with = [](const std::string& source, const GivenVariables& variables) {
        return Asked{.config = "[default]\n" + role + "credential_source = " + source + "\n",
                     .variables = variables,
                     .profile = "default"};
    };
    EXPECT_EQ(outline(with("Environment", key_variables)),
              "assume-role@config:2 < env@AWS_ACCESS_KEY_ID");
    EXPECT_EQ(outline(with("EcsContainer", {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}})),
              "assume-role@config:2 < container-role@AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    EXPECT_EQ(outline(with("Ec2InstanceMetadata", {})),
              "assume-role@config:2 < iam-role@the machine's metadata service");
    EXPECT_EQ(error_of(with("Environment", {})),
              usage("config:3: credential_source is Environment, and AWS_ACCESS_KEY_ID is not set",
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
    EXPECT_EQ(error_of(with("EcsContainer", {})),
              usage("config:3: credential_source is EcsContainer, and this is no container: "
                    "AWS_CONTAINER_CREDENTIALS_FULL_URI is not set",
                    "run this where the container's variables are set"));
    EXPECT_EQ(
        error_of(with("Ec2InstanceMetadata", {{"AWS_EC2_METADATA_DISABLED", "true"}})),
        usage("config:3: credential_source is Ec2InstanceMetadata, and AWS_EC2_METADATA_DISABLED "
              "turns that off",
              "unset the variable"));
    EXPECT_EQ(error_of(with("environment", key_variables)),
              usage("config:3: credential_source is nothing that it can be",
                    "Environment, Ec2InstanceMetadata or EcsContainer, in these capitals"));
}

TEST(AwsRoles, refuses_parameters_that_sts_would_refuse) {
    const auto with = [](const std::string& line) {
        return error_of("[default]\n" + role + "source_profile = b\n" + line + "\n[profile b]\n" +
                        keys);
    };
    const std::string duration =
        "config:4: duration_seconds is not a whole number from 900 to "
        "43200";
    for (const auto* seconds : {"899", "43201", "1h", "-900", "1e3"})
        EXPECT_EQ(with("duration_seconds = " + std::string(seconds)), usage(duration, "write one"));
    const auto session = usage("config:4: role_session_name is not a name that a session can have",
                               "2 to 64 of letters, digits and _ + = , . @ -");
    for (const auto& name : {std::string("a"), std::string(65, 'a'), std::string("a b"),
                             std::string("a/b"), std::string("\xC3\xA9\xC3\xA9")})
        EXPECT_EQ(with("role_session_name = " + name), session);
    const auto external = usage("config:4: external_id is not as long as an external id can be",
                                "2 to 1224 characters");
    EXPECT_EQ(with("external_id = 1"), external);
    EXPECT_EQ(with("external_id = " + std::string(1225, '1')), external);
    const auto serial = usage("config:4: mfa_serial is not as long as a device's name can be",
                              "9 to 256 characters, such as arn:aws:iam::123456789012:mfa/NAME");
    EXPECT_EQ(with("mfa_serial = 12345678"), serial);
    EXPECT_EQ(with("mfa_serial = " + std::string(257, '1')), serial);
    for (const auto& fine : {"duration_seconds = 43200", "role_session_name = aZ_9+=,.@-",
                             "external_id = 12", "mfa_serial = 123456789", "role_session_name ="})
        EXPECT_EQ(with(fine).what, "no error") << fine;
}

TEST(AwsRoles, refuses_what_is_no_role) {
    for (const auto& text :
         {"deploy", "arn:aws:iam::123456789012:user/me", "arn:aws:sts::123456789012:role/deploy",
          "arn:aws:iam:eu-west-1:123456789012:role/x", "arn:aws:iam::1234:role/deploy",
          "arn:aws:iam::123456789012:role/", "arn:aws:iam::123456789012:role/a b",
          "arn:evil:iam::123456789012:role/deploy"}) {
        EXPECT_EQ(error_of("[default]\nsource_profile = b\nrole_arn = " + std::string(text) + "\n"),
                  usage("config:3: role_arn is not the ARN of a role",
                        "it is written arn:aws:iam::123456789012:role/NAME"))
            << text;
    }
    for (const auto& text : {"arn:aws-cn:iam::123456789012:role/path/to/deploy",
                             "arn:aws-us-gov:iam::123456789012:role/a"})
        EXPECT_EQ(outline("[default]\nsource_profile = default\n" + keys +
                          "role_arn = " + std::string(text) + "\n"),
                  "assume-role@config:5 < config-file@config:3");
}

}  // namespace
}  // namespace hearth::providers::aws
