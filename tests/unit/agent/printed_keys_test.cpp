#include "agent/printed_keys.hpp"

#include <gtest/gtest.h>

#include <string>

#include "providers/aws/process_document.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using Kind = sources::HelperTrouble::Kind;

constexpr Instant now{1'800'000'000s};

auto printed(const std::string& text, Span kept_for = 1h) {
    return keys_printed(Secret(text), now, kept_for);
}
std::string flat(const std::string& more) {
    return R"({"Version":1,"AccessKeyId":"AKIA1","SecretAccessKey":"s")" + more + "}";
}
std::string until(Span span) { return R"(,"Expiration":")" + to_rfc3339(now + span) + "\""; }

TEST(PrintedKeys, are_kept_until_five_minutes_before_they_expire) {
    const auto keys = printed(flat(until(2h)));
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->good_for, 1h + 55min);
}

TEST(PrintedKeys, with_less_than_five_minutes_left_are_used_once) {
    const auto keys = printed(flat(until(4min)));
    ASSERT_TRUE(keys);
    EXPECT_LT(keys->good_for, 0s);
}

TEST(PrintedKeys, without_an_end_are_kept_as_long_as_is_said_and_given_one) {
    const auto keys = printed(flat(""), 10min);
    ASSERT_TRUE(keys);
    EXPECT_EQ(keys->good_for, 10min);
    const auto read = providers::aws::keys_in_document(keys->document.reveal());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->expires_at, now + 1h);
}

TEST(PrintedKeys, come_in_the_shape_of_the_token_service_too) {
    const auto keys = printed(
        R"({"Credentials":{"AccessKeyId":"ASIA1","SecretAccessKey":"s","SessionToken":"t"}})");
    ASSERT_TRUE(keys);
    const auto read = providers::aws::keys_in_document(keys->document.reveal());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->keys.access_key_id, "ASIA1");
    EXPECT_EQ(read->keys.session_token.reveal(), "t");
}

TEST(PrintedKeys, that_have_expired_or_are_none_are_trouble) {
    EXPECT_EQ(printed(flat(until(0s))).error().kind, Kind::expired);
    EXPECT_EQ(printed(flat(R"(,"Expiration":"soon")")).error().kind, Kind::no_keys);
    EXPECT_EQ(printed("Welcome").error().kind, Kind::no_keys);
    EXPECT_EQ(printed(R"({"Version":2,"AccessKeyId":"A","SecretAccessKey":"s"})").error().kind,
              Kind::no_keys);
    EXPECT_EQ(printed(flat(R"(,"x":")" + std::string(70'000, 'x') + "\"")).error().kind,
              Kind::no_keys);
}

}  // namespace
}  // namespace hearth::agent
