#include "sandbox/redirect.hpp"

#include <gtest/gtest.h>

namespace hearth::sandbox {

TEST(Redirect, matches_the_very_same_text) {
    EXPECT_TRUE(same_redirect("https://app.example/back?x=1", "https://app.example/back?x=1"));
    EXPECT_FALSE(same_redirect("https://app.example/back", "https://app.example/back/"));
    EXPECT_FALSE(same_redirect("https://app.example/back", "https://app.example/back?x=1"));
}

TEST(Redirect, matches_any_port_on_loopback) {
    EXPECT_TRUE(same_redirect("http://127.0.0.1/callback", "http://127.0.0.1:4321/callback"));
    EXPECT_TRUE(same_redirect("http://[::1]/callback", "http://[::1]:4321/callback"));
    EXPECT_TRUE(same_redirect("http://localhost:80/callback", "http://localhost:4321/callback"));
}

TEST(Redirect, matches_a_port_elsewhere_exactly) {
    EXPECT_FALSE(same_redirect("https://app.example/back", "https://app.example:444/back"));
    EXPECT_FALSE(same_redirect("https://127.0.0.1/back", "https://127.0.0.1:444/back"));
}

TEST(Redirect, differs_in_path_query_user_and_host) {
    for (const char* asked :
         {"http://127.0.0.1:1/other", "http://127.0.0.1:1/callback?x=1",
          "http://me@127.0.0.1:1/callback", "http://localhost:1/callback",
          "http://127.0.0.1:1/callback#part", "http://127.0.0.1.evil.example/callback"})
        EXPECT_FALSE(same_redirect("http://127.0.0.1/callback", asked)) << asked;
}

TEST(Redirect, of_a_native_app_is_loopback_https_or_a_private_scheme) {
    EXPECT_TRUE(acceptable_redirect("http://127.0.0.1/back"));
    EXPECT_TRUE(acceptable_redirect("https://app.example/back"));
    EXPECT_TRUE(acceptable_redirect("com.example.app:/back"));
    EXPECT_FALSE(acceptable_redirect("myapp:/back"));
    EXPECT_FALSE(acceptable_redirect("http://app.example/back"));
}

}  // namespace hearth::sandbox
