#include <gtest/gtest.h>

#include "example.hpp"

namespace hearth::sigv4 {
namespace {

using namespace std::chrono_literals;
using example::moment;

constexpr Keys s3_keys{.id = "AKIAIOSFODNN7EXAMPLE",
                       .secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                       .session_token = {}};

TEST(PresignedQuery, is_that_of_the_published_example) {
    const auto query =
        Signer().presign(example::request, example::keys, example::service, moment, 3600s);
    ASSERT_TRUE(query);
    EXPECT_EQ(*query,
              "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-"
              "1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-"
              "SignedHeaders=host&X-Amz-Signature="
              "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d");
}

TEST(PresignedQuery, of_s3_leaves_the_payload_unsigned) {
    Request request = example::request;
    request.host = "examplebucket.s3.amazonaws.com";
    request.path = "/test.txt";
    const auto query = Signer().presign(request, s3_keys, Service::s3("us-east-1"),
                                        example::at(2013, 5, 24), 86400s);
    ASSERT_TRUE(query);
    EXPECT_EQ(example::last_value(*query),
              "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

// What a short-term key for Bedrock is made of.
TEST(PresignedQuery, follows_the_query_of_the_request) {
    const Request request{.method = "POST",
                          .host = "bedrock.amazonaws.com",
                          .path = "/",
                          .query = "Action=CallWithBearerToken",
                          .headers = {},
                          .body = {},
                          .payload_hash = {}};
    Keys keys = example::keys;
    keys.session_token = "a/token";
    const auto query =
        Signer().presign(request, keys, {.name = "bedrock", .region = "eu-central-1"}, moment, 12h);
    ASSERT_TRUE(query);
    EXPECT_TRUE(query->starts_with(
        "Action=CallWithBearerToken&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%"
        "2F20150830%2Feu-central-1%2Fbedrock%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-"
        "Expires=43200&X-Amz-SignedHeaders=host&X-Amz-Security-Token=a%2Ftoken&X-Amz-Signature="))
        << *query;
}

TEST(PresignedQuery, carries_a_token_that_is_added_afterwards_but_does_not_sign_it) {
    Keys keys = example::keys;
    keys.session_token = "token";
    Service service = example::service;
    service.session_token = SessionToken::is_added_afterwards;
    const auto query = Signer().presign(example::request, keys, service, moment, 3600s);
    ASSERT_TRUE(query);
    EXPECT_TRUE(query->contains("&X-Amz-Security-Token=token&"));
    EXPECT_EQ(example::last_value(*query),
              "e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d");
}

TEST(PresignedQuery, is_good_for_a_second_to_seven_days) {
    const auto done = [](std::chrono::seconds lifetime) {
        return Signer()
            .presign(example::request, example::keys, example::service, moment, lifetime)
            .has_value();
    };
    EXPECT_TRUE(done(1s));
    EXPECT_TRUE(done(604800s));
    EXPECT_FALSE(done(0s));
    EXPECT_FALSE(done(-1s));
    EXPECT_FALSE(done(604801s));
}

TEST(PresignedQuery, refuses_what_signing_by_header_refuses) {
    const auto done = Signer().presign(example::request, {.id = "", .secret = "s"},
                                       example::service, moment, 60s);
    EXPECT_EQ(done.error().remedy, Remedy::usage);
}

TEST(PresignedQuery, of_v4a_names_its_regions) {
    Service service = example::service;
    service.algorithm = Algorithm::v4a;
    service.region = "us-east-1,eu-central-1";
    const auto query = Signer().presign(example::request, example::keys, service, moment, 60s);
    ASSERT_TRUE(query);
    EXPECT_TRUE(query->starts_with(
        "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fservice%"
        "2Faws4_request&"))
        << *query;
    EXPECT_TRUE(query->contains("&X-Amz-Region-Set=us-east-1%2Ceu-central-1&"));
}

}  // namespace
}  // namespace hearth::sigv4
