#include "cli/browser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view url = "https://login.example.com/a?b=c%20d&e=%s";

std::vector<BrowserCommand> commands(std::string_view browser) {
    return browser_commands(browser, url);
}

TEST(Browser, gets_the_address_as_its_last_argument) {
    EXPECT_THAT(commands("firefox"), ElementsAre(ElementsAre("firefox", url)));
    EXPECT_THAT(commands("  firefox   -P\twork "),
                ElementsAre(ElementsAre("firefox", "-P", "work", url)));
}

TEST(Browser, gets_the_address_where_percent_s_stands) {
    EXPECT_THAT(commands("open --to=%s -n"),
                ElementsAre(ElementsAre("open", "--to=" + std::string(url), "-n")));
    EXPECT_THAT(commands("open 100%%"), ElementsAre(ElementsAre("open", "100%", url)));
}

TEST(Browser, is_one_of_a_list_with_colons) {
    EXPECT_THAT(commands("lynx:w3m -N::"),
                ElementsAre(ElementsAre("lynx", url), ElementsAre("w3m", "-N", url)));
}

TEST(Browser, keeps_together_what_is_quoted) {
    EXPECT_THAT(commands("'/opt/my browser/run' \"a:b\" c\\ d"),
                ElementsAre(ElementsAre("/opt/my browser/run", "a:b", "c d", url)));
    EXPECT_THAT(commands("run ''"), ElementsAre(ElementsAre("run", "", url)));
}

TEST(Browser, is_no_shell) {
    EXPECT_THAT(commands("run;evil $(x) `y` |z"),
                ElementsAre(ElementsAre("run;evil", "$(x)", "`y`", "|z", url)));
}

TEST(Browser, is_none_when_nothing_is_said) {
    EXPECT_THAT(commands(""), IsEmpty());
    EXPECT_THAT(commands(" : :"), IsEmpty());
}

TEST(Browser, is_not_the_program_that_the_address_names) {
    EXPECT_THAT(commands("%s"), ElementsAre(ElementsAre("%s", url)));
}

TEST(Browser, gets_web_addresses_only) {
    EXPECT_TRUE(is_web_address(url));
    EXPECT_TRUE(is_web_address("http://127.0.0.1:1/"));
    for (const auto* other :
         {"file:///etc/passwd", "javascript:alert(1)", "-x", "", "https://a b", "https://a\nb"})
        EXPECT_FALSE(is_web_address(other)) << other;
}

}  // namespace
}  // namespace hearth::cli
