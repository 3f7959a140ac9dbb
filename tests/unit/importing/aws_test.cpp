#include "importing/aws.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::importing {
namespace {

using testing::ElementsAre;

std::vector<std::string> profiles_in(std::string_view text) {
    std::vector<std::string> profiles;
    for (const auto& finding : aws_keys(Secret(text))) profiles.push_back(finding.account);
    return profiles;
}

TEST(AwsKeys, are_found_by_the_profile_that_they_stand_in) {
    EXPECT_THAT(profiles_in("# mine\r\n[default]\r\nAWS_ACCESS_KEY_ID = x\r\nregion = y\r\n"
                            "[profile prod]\naws_access_key_id=x\naws_access_key_id=z\n"
                            "[ profile\tthird ] ; note\naws_access_key_id = k"),
                ElementsAre("default", "prod", "third"));
}

TEST(AwsKeys, are_none_where_a_key_is_empty_or_stands_nowhere) {
    EXPECT_THAT(profiles_in("aws_access_key_id = x\n[a]\naws_access_key_id =\n[b\n"
                            "aws_access_key_id_old = x\n[c]\n aws_secret_access_key = x\n"),
                ElementsAre());
}

TEST(AwsCaches, say_what_they_hold_and_until_when) {
    const auto sso = aws_sso_token(Secret(
        R"({"startUrl":"https://d-1.example","accessToken":"t","expiresAt":"2030-01-02T03:04:05UTC"})"));
    ASSERT_TRUE(sso);
    EXPECT_EQ(sso->server, "https://d-1.example");
    EXPECT_EQ(to_rfc3339(sso->expires_at.value()), "2030-01-02T03:04:05Z");
    EXPECT_TRUE(sso->obstacle.starts_with("hearth signs in by itself: "));
    EXPECT_EQ(aws_role(Secret(R"({"Credentials":{"AccountId":"1"}})")).account, "1");
    EXPECT_EQ(aws_login(Secret(R"({"accessToken":{"accountId":"2"}})")).account, "2");
}

TEST(AwsCaches, of_a_registered_client_are_no_sign_in) {
    EXPECT_FALSE(aws_sso_token(Secret(R"({"clientId":"c","clientSecret":"s"})")));
}

TEST(AwsCaches, that_are_no_objects_are_named_as_such) {
    for (const auto* const text : {"", "[]", "{", "\"x\""}) {
        EXPECT_EQ(aws_sso_token(Secret(text))->obstacle, "it is not a JSON object") << text;
        EXPECT_EQ(aws_role(Secret(text)).obstacle, "it is not a JSON object") << text;
        EXPECT_EQ(aws_login(Secret(text)).obstacle, "it is not a JSON object") << text;
    }
}

}  // namespace
}  // namespace hearth::importing
