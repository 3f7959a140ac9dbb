#include "cli/escape.hpp"

#include <gtest/gtest.h>

namespace hearth::cli {
namespace {

using namespace std::string_view_literals;

TEST(Escape, leaves_plain_text_of_any_language_alone) {
    for (const auto text : {"alice@example.com"sv, "Grüße aus Köln"sv, "日本語"sv, "😀 ok"sv, ""sv})
        EXPECT_EQ(escaped(text), text);
}

TEST(Escape, makes_terminal_sequences_visible) {
    EXPECT_EQ(escaped("\x1b[2J\x1b]0;title\x07"), "\\x1b[2J\\x1b]0;title\\x07");
    EXPECT_EQ(escaped("a\r\nb\tc\0d"sv), "a\\x0d\\nb\\tc\\x00d");
    EXPECT_EQ(escaped("\xC2\x9B"
                      "31m"),
              "\\x9b31m")
        << "the eight-bit CSI";
    EXPECT_EQ(escaped("\x7F"), "\\x7f");
}

TEST(Escape, makes_marks_visible_that_turn_the_direction_of_writing) {
    EXPECT_EQ(escaped("moc.elpmaxe\xE2\x80\xAE@alice"), "moc.elpmaxe\\u202e@alice");
    EXPECT_EQ(escaped("a\xE2\x80\x8B"
                      "b"),
              "a\\u200bb");
}

TEST(Escape, makes_bytes_visible_that_are_no_utf8) {
    EXPECT_EQ(escaped("a\xFFz"), "a\\xffz");
    EXPECT_EQ(escaped("\xC3"), "\\xc3") << "cut off";
    EXPECT_EQ(escaped("\xC0\xAF"), "\\xc0\\xaf") << "overlong";
    EXPECT_EQ(escaped("\xED\xA0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
    EXPECT_EQ(escaped("\xF4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond Unicode";
}

TEST(Escape, counts_columns_as_a_terminal_does) {
    EXPECT_EQ(columns("abc"), 3U);
    EXPECT_EQ(columns("Köln"), 4U);
    EXPECT_EQ(columns("日本"), 4U);
    EXPECT_EQ(columns("e\xCC\x81"), 1U) << "a combining accent";
}

TEST(Escape, shortens_by_columns_and_never_inside_a_character) {
    EXPECT_EQ(shortened("abcdef", 6), "abcdef");
    EXPECT_EQ(shortened("abcdef", 4), "abc…");
    EXPECT_EQ(shortened("日本語", 4), "日…");
    EXPECT_EQ(shortened("äöü", 2), "ä…");
    EXPECT_EQ(shortened("abc", 0), "");
}

}  // namespace
}  // namespace hearth::cli
