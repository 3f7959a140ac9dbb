#include "importing/gh.hpp"

#include <gtest/gtest.h>

namespace hearth::importing {
namespace {

TEST(GhHosts, are_found_with_their_users) {
    const auto hosts =
        gh_hosts(Secret("github.com:\n    user: robin\n    oauth_token: gho_s3cret\n    users:\n"
                        "        robin:\n            oauth_token: gho_s3cret\n"
                        "git.example:\r\n  oauth_token: x\r\n  user:  kim  \r\n"));
    ASSERT_EQ(hosts.size(), 2U);
    EXPECT_EQ(hosts[0].server, "github.com");
    EXPECT_EQ(hosts[0].account, "robin");
    EXPECT_EQ(hosts[1].server, "git.example");
    EXPECT_EQ(hosts[1].account, "kim");
    EXPECT_FALSE(hosts[1].offer);
    EXPECT_EQ(hosts[1].hint, "gh auth token prints it");
}

TEST(GhHosts, are_none_in_what_looks_otherwise) {
    for (const auto* const text :
         {"", "\n", "user: x\n", "  indented:\n", "a b:\n", "{\"github.com\":1}", "# note:\n", ":"})
        EXPECT_TRUE(gh_hosts(Secret(text)).empty()) << text;
}

}  // namespace
}  // namespace hearth::importing
