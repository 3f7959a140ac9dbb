#include "providers/aws/process_document.hpp"

#include <gtest/gtest.h>

namespace hearth::providers::aws {
namespace {

StaticKeys temporary() {
    return {.access_key_id = "ASIA1",
            .secret_access_key = Secret("se+cret/="),
            .session_token = Secret("to\"ken"),
            .account_id = "111122223333"};
}

const Instant end = parse_rfc3339("2027-01-15T09:00:00Z").value();

TEST(ProcessDocument, is_what_the_sdks_of_aws_read) {
    EXPECT_EQ(process_document(temporary(), end).reveal(),
              R"({"Version":1,"AccessKeyId":"ASIA1","SecretAccessKey":"se+cret/=",)"
              R"("SessionToken":"to\"ken","AccountId":"111122223333",)"
              R"("Expiration":"2027-01-15T09:00:00Z"})");
    const StaticKeys lasting{.access_key_id = "AKIA1",
                             .secret_access_key = Secret("s"),
                             .session_token = {},
                             .account_id = {}};
    EXPECT_EQ(process_document(lasting, {}).reveal(),
              R"({"Version":1,"AccessKeyId":"AKIA1","SecretAccessKey":"s"})");
}

TEST(ProcessDocument, is_read_back_as_it_was_written) {
    const auto keys = keys_in_document(process_document(temporary(), end).reveal());
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->keys.access_key_id, "ASIA1");
    EXPECT_EQ(keys->keys.secret_access_key.reveal(), "se+cret/=");
    EXPECT_EQ(keys->keys.session_token.reveal(), "to\"ken");
    EXPECT_EQ(keys->keys.account_id, "111122223333");
    EXPECT_EQ(keys->expires_at, end);
}

TEST(ProcessDocument, is_read_in_the_shape_of_the_token_service_too) {
    const auto keys = keys_in_document(
        R"({"Credentials":{"AccessKeyId":"ASIA1","SecretAccessKey":"s","SessionToken":"t",
            "Expiration":"2027-01-15T09:00:00Z"},"AssumedRoleUser":{}})");
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->keys.access_key_id, "ASIA1");
    EXPECT_EQ(keys->expires_at, end);
}

TEST(ProcessDocument, that_is_none_is_refused_without_quoting_it) {
    for (const auto* const text :
         {"", "AKIAs3cret", "[]", "{}", R"({"AccessKeyId":"s3 cret","SecretAccessKey":"s3cret"})",
          R"({"AccessKeyId":"AKIA1"})", R"({"AccessKeyId":"AKIA1","SecretAccessKey":""})",
          R"({"Version":2,"AccessKeyId":"AKIA1","SecretAccessKey":"s3cret"})",
          R"({"AccessKeyId":"AKIA1","SecretAccessKey":"s3cret","Expiration":"s3cret"})"}) {
        const auto keys = keys_in_document(text);
        ASSERT_FALSE(keys) << text;
        EXPECT_EQ(keys.error().remedy, Remedy::usage);
        EXPECT_EQ(keys.error().what.find("s3"), std::string::npos);
    }
}

TEST(ProcessDocument, and_what_else_was_made_of_keys_tells_which_they_were) {
    EXPECT_EQ(access_key_id_in("ASIA1"), "ASIA1");
    EXPECT_EQ(access_key_id_in(process_document(temporary(), end).reveal()), "ASIA1");
    // bedrock.amazonaws.com/?X-Amz-Credential=ASIA1%2F20270115
    EXPECT_EQ(access_key_id_in("bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29tLz9YLUFtei1DcmVkZW50aWF"
                               "sPUFTSUExJTJGMjAyNzAxMTU="),
              "ASIA1");
    EXPECT_EQ(access_key_id_in("bedrock-api-key-!"), "");
    EXPECT_EQ(access_key_id_in("bedrock-api-key-YQ=="), "");
    EXPECT_EQ(access_key_id_in("{"), "");
    EXPECT_TRUE(of_same_keys("ASIA1", process_document(temporary(), {}).reveal()));
    EXPECT_FALSE(of_same_keys("ASIA2", process_document(temporary(), {}).reveal()));
    EXPECT_FALSE(of_same_keys("{", "[")) << "nothing is of no keys";
}

}  // namespace
}  // namespace hearth::providers::aws
