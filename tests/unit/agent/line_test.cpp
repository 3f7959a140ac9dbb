#include "agent/line.hpp"

#include <gtest/gtest.h>

#include "json/document.hpp"

namespace hearth::agent {
namespace {

std::string written(Line& line) { return std::string(line.take().reveal()); }

TEST(Line, is_one_object_that_ends_in_a_newline) {
    Line line;
    line.object("ok").text("name", "work").number("count", -3).flag("fresh", true).nothing("plan");
    EXPECT_EQ(written(line),
              "{\"ok\":{\"name\":\"work\",\"count\":-3,\"fresh\":true,\"plan\":null}}\n");
}

TEST(Line, closes_lists_and_objects_where_they_end) {
    Line line;
    line.object("ok").list("pairs").pair("a", "1").pair("b", "2").close();
    line.list("objects").object({}).text("x", "y").close().object({}).close();
    EXPECT_EQ(
        written(line),
        "{\"ok\":{\"pairs\":[[\"a\",\"1\"],[\"b\",\"2\"]],\"objects\":[{\"x\":\"y\"},{}]}}\n");
}

TEST(Line, writes_no_control_character_as_it_is) {
    Line line;
    line.text("text", std::string_view("a\"b\\c\n\t\0\x7F\x1B[31m", 13));
    const auto text = written(line);
    EXPECT_EQ(text.find_first_of(std::string_view("\t\0\x7F\x1B", 4)), std::string::npos);
    EXPECT_EQ(text.find('\n'), text.size() - 1);
    const auto read = json::Document::parse(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->text("text"), std::string_view("a\"b\\c\n\t\0\x7F\x1B[31m", 13));
}

TEST(Line, writes_instants_as_text_and_spans_as_whole_seconds) {
    Line line;
    line.instant("at", Instant(std::chrono::seconds(0))).seconds("left", Span(1999));
    line.instant("never", std::nullopt).seconds("none", std::nullopt);
    EXPECT_EQ(written(line),
              "{\"at\":\"1970-01-01T00:00:00Z\",\"left\":1,\"never\":null,\"none\":null}\n");
}

TEST(Line, of_an_error_carries_the_next_step) {
    const auto line = error_line(Error{Remedy::store_locked, "locked", "unlock it"}, "passphrase");
    EXPECT_EQ(line.reveal(),
              "{\"error\":{\"remedy\":\"store_locked\",\"what\":\"locked\",\"hint\":\"unlock it\","
              "\"needs\":\"passphrase\"}}\n");
}

}  // namespace
}  // namespace hearth::agent
