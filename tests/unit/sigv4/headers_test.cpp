#include <gtest/gtest.h>

#include "sigv4/signed_headers.hpp"

namespace hearth::sigv4 {
namespace {

std::string lines_of(std::vector<HeaderView> headers) {
    TextWriter writer;
    SignedHeaders(headers, *std::pmr::new_delete_resource()).append_to(writer);
    return writer.finish();
}

std::string names_of(std::vector<HeaderView> headers) {
    return std::string(SignedHeaders(headers, *std::pmr::new_delete_resource()).names());
}

TEST(SignedHeaders, are_sorted_by_their_names_in_lower_case) {
    EXPECT_EQ(names_of({{"X-Amz-Date", "d"}, {"host", "h"}, {"A-1", "x"}, {"a", "y"}}),
              "a;a-1;host;x-amz-date");
    EXPECT_EQ(lines_of({{"Host", "h"}, {"A", "x"}}), "a:x\nhost:h\n");
}

TEST(SignedHeaders, of_one_name_are_joined_in_their_order) {
    const std::vector<HeaderView> headers{{"B", "2"}, {"a", "9"}, {"b", "1"}, {"B", "3"}};
    EXPECT_EQ(names_of(headers), "a;b");
    EXPECT_EQ(lines_of(headers), "a:9\nb:2,1,3\n");
}

TEST(SignedHeaders, lose_blanks_around_a_value_and_all_but_one_within) {
    EXPECT_EQ(lines_of({{"a", "  x  "}}), "a:x\n");
    EXPECT_EQ(lines_of({{"a", "x \t\r\n  y   z"}}), "a:x y z\n");
    EXPECT_EQ(lines_of({{"a", "\"x  y\""}}), "a:\"x y\"\n");
    EXPECT_EQ(lines_of({{"a", "   "}, {"b", ""}}), "a:\nb:\n");
}

TEST(SignedHeaders, keep_a_value_that_is_longer_than_what_is_written_at_once) {
    const std::string value(5000, 'v');
    EXPECT_EQ(lines_of({{"a", value}}), "a:" + value + "\n");
}

TEST(SignedHeaders, are_not_those_that_proxies_change) {
    for (const auto* const name :
         {"Authorization", "Connection", "expect", "User-Agent", "X-Amzn-Trace-Id", "TE", "Upgrade",
          "Transfer-Encoding", "Sec-WebSocket-Key", "sec-websocket-protocol"})
        EXPECT_FALSE(may_be_signed(name)) << name;
    for (const auto* const name :
         {"host", "x-amz-date", "content-type", "sec-websocke", "user-agents", ""})
        EXPECT_TRUE(may_be_signed(name)) << name;
}

TEST(SignedHeaders, notice_a_blank_wherever_it_stands) {
    for (int octet = 0; octet < 256; ++octet) {
        for (std::size_t place = 0; place < 19; ++place) {
            std::string text(19, '\xFF');
            text[place] = static_cast<char>(octet);
            EXPECT_EQ(has_blank_or_control(text), octet <= 0x20) << octet << " at " << place;
        }
    }
}

}  // namespace
}  // namespace hearth::sigv4
