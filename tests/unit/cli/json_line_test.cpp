#include "cli/json_line.hpp"

#include <gtest/gtest.h>

#include "cli/json_view.hpp"

namespace hearth::cli {
namespace {

std::string whole(const JsonLine& line) { return std::string(line.head()).append(line.tail()); }

TEST(JsonLine, writes_one_object_on_one_line) {
    Request request("token");
    request.text("profile", "work").number("min_ttl", 300).flag("non_interactive", true);
    EXPECT_EQ(whole(request),
              "{\"op\":\"token\",\"profile\":\"work\",\"min_ttl\":300,\"non_interactive\":true}\n");
}

TEST(JsonLine, escapes_what_would_end_the_text_or_the_line) {
    JsonLine line;
    line.text("value", "a\"b\\c\nd\x01é");
    EXPECT_EQ(whole(line), "{\"value\":\"a\\u0022b\\u005cc\\u000ad\\u0001é\"}\n");
    EXPECT_EQ(JsonView::parse(whole(line)).value()["value"].text(), "a\"b\\c\nd\x01é");
}

TEST(JsonLine, writes_pairs_in_order) {
    Request request("profile_add");
    request.pairs("settings", {{"issuer", "https://x"}, {"scope", "a"}, {"scope", "b"}});
    EXPECT_EQ(whole(request),
              "{\"op\":\"profile_add\",\"settings\":[[\"issuer\",\"https://x\"],[\"scope\",\"a\"],"
              "[\"scope\",\"b\"]]}\n");
}

TEST(JsonLine, keeps_secrets_apart_from_the_rest) {
    Request request("login");
    request.text("profile", "work").secret("token", Secret("s3\"cret"));
    request.text("client", "1");
    EXPECT_EQ(request.head().find("s3"), std::string_view::npos);
    EXPECT_EQ(
        whole(request),
        "{\"op\":\"login\",\"profile\":\"work\",\"client\":\"1\",\"token\":\"s3\\u0022cret\"}\n");
}

TEST(JsonLine, may_hold_one_secret_and_nothing_else) {
    JsonLine line;
    line.secret("paste", Secret("code#state"));
    EXPECT_EQ(whole(line), "{\"paste\":\"code#state\"}\n");
}

}  // namespace
}  // namespace hearth::cli
