#include "sources/words.hpp"

#include <gmock/gmock.h>

namespace hearth::sources {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

// Expected values: what Python's shlex.split makes of the same, which botocore splits with.
TEST(CommandWords, are_parted_by_blanks) {
    EXPECT_THAT(words_of("  a  b\tc\n"), Optional(ElementsAre("a", "b", "c")));
}

TEST(CommandWords, in_quotes_hold_together) {
    EXPECT_THAT(words_of(R"("/opt/my tool/x" 'a "b"' c"d e"f '')"),
                Optional(ElementsAre("/opt/my tool/x", "a \"b\"", "cd ef", "")));
}

TEST(CommandWords, have_a_backslash_as_a_shell_does) {
    EXPECT_THAT(words_of(R"(a\ b \' 'a\b' "a\b \" \\")"),
                Optional(ElementsAre("a b", "'", R"(a\b)", R"(a\b " \)")));
}

TEST(CommandWords, hold_nothing_that_a_shell_would_expand) {
    EXPECT_THAT(words_of("x $HOME *.txt; ~ # y|z"),
                Optional(ElementsAre("x", "$HOME", "*.txt;", "~", "#", "y|z")));
}

TEST(CommandWords, are_none_where_a_quote_is_open_or_nothing_is_there) {
    EXPECT_EQ(words_of("a 'b"), std::nullopt);
    EXPECT_EQ(words_of("a \"b"), std::nullopt);
    EXPECT_EQ(words_of("a \\"), std::nullopt);
    EXPECT_EQ(words_of("  "), std::nullopt);
}

}  // namespace
}  // namespace hearth::sources
