#include "sinks/netrc.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hearth::sinks {
namespace {

constexpr NetrcEntry entry{.machine = "git.example", .login = "me", .password = "new"};
constexpr std::string_view line = "machine git.example login me password new";

std::string with(std::string_view text) { return std::string(with_entry(text, entry).reveal()); }
std::string without(std::string_view text) {
    return std::string(without_entry(text, "git.example", "me").reveal());
}

TEST(Netrc, is_begun_with_the_entry) {
    EXPECT_EQ(with(""), std::string(line) + "\n");
    EXPECT_EQ(with("default login you password x"),
              std::string(line) + "\ndefault login you password x");
}

TEST(Netrc, has_its_entry_replaced_where_it_stands) {
    EXPECT_EQ(
        with("# first\nmachine git.example login me password old\nmachine b login c password d\n"),
        "# first\n" + std::string(line) + "\nmachine b login c password d\n");
    EXPECT_EQ(with("machine git.example\n\tpassword old # gone\n\tlogin me\nmachine b login c"),
              std::string(line) + "\nmachine b login c");
}

TEST(Netrc, keeps_the_entries_of_other_hosts_and_logins) {
    const std::string others =
        "machine git.example login you password a\nmachine other login me password b\n";
    EXPECT_EQ(with(others), std::string(line) + "\n" + others);
    EXPECT_EQ(without(others), others);
}

TEST(Netrc, passes_over_macros_comments_and_quotes) {
    const std::string text =
        "macdef init\nmachine git.example login me password trap\n\n"
        "# machine git.example login me password trap\n"
        "machine \"git.example\" login \"me\" password \"a \\\" b\"\n";
    EXPECT_EQ(with(text), text.substr(0, text.rfind("machine")) + std::string(line) + "\n");
}

TEST(Netrc, loses_the_entry_and_its_line) {
    EXPECT_EQ(without("a\n" + std::string(line) + "\nmachine b login c password d\n"),
              "a\nmachine b login c password d\n");
    EXPECT_EQ(without(with("")), "");
}

TEST(Netrc, that_ends_in_the_middle_is_kept) {
    for (const auto* text :
         {"machine", "machine git.example login", "machine git.example password x", "macdef",
          "macdef init\nx", "\"", "default", "\\"}) {
        EXPECT_EQ(with(text), std::string(line) + "\n" + text);
        EXPECT_EQ(without(text), text);
    }
}

TEST(Netrc, leaves_what_follows_the_entry_as_it_is) {
    for (const auto* after : {" account mine\n", "\nlogin you\n", "\naccount stray"}) {
        EXPECT_EQ(with(std::string("machine git.example login me password old") + after),
                  std::string(line) + after);
    }
}

TEST(Netrc, takes_only_words_that_need_no_quotes) {
    EXPECT_TRUE(check_netrc_word("x", "sk-ant_1.2~=/+"));
    for (const auto* word : {"", "two words", "a\"b", "a\\b", "#a", "line\nbreak", "\x7F"})
        EXPECT_FALSE(check_netrc_word("x", word)) << word;
}

}  // namespace
}  // namespace hearth::sinks
