#include "oauth/loopback_redirect.hpp"

#include <gtest/gtest.h>

namespace hearth::oauth {
namespace {

struct Read {
    std::uint16_t port;
    std::string path;
    std::string uri;
    bool operator==(const Read&) const = default;
};

Read read(std::string_view text, std::uint16_t fixed = 0) {
    const auto redirect = LoopbackRedirect::parse(text, fixed);
    if (!redirect) return {};
    return {redirect->port(), redirect->path(),
            redirect->uri(redirect->port() == 0 ? 5000 : redirect->port())};
}

TEST(LoopbackRedirect, puts_the_port_in_at_run_time) {
    EXPECT_EQ(read("http://127.0.0.1:{port}/callback"),
              (Read{0, "/callback", "http://127.0.0.1:5000/callback"}));
    EXPECT_EQ(read("http://localhost:{port}/cb?x=1"),
              (Read{0, "/cb", "http://localhost:5000/cb?x=1"}));
    EXPECT_EQ(read("http://127.0.0.1/callback"),
              (Read{0, "/callback", "http://127.0.0.1:5000/callback"}));
    EXPECT_EQ(read("http://[::1]:{port}/callback"),
              (Read{0, "/callback", "http://[::1]:5000/callback"}));
    EXPECT_EQ(read("http://[::1]/callback"), (Read{0, "/callback", "http://[::1]:5000/callback"}));
    EXPECT_EQ(read("http://127.0.0.1:{port}"), (Read{0, "/", "http://127.0.0.1:5000"}));
}

TEST(LoopbackRedirect, listens_on_the_port_that_is_fixed) {
    EXPECT_EQ(read("http://127.0.0.1:{port}/callback", 8400),
              (Read{8400, "/callback", "http://127.0.0.1:8400/callback"}));
    EXPECT_EQ(read("http://127.0.0.1:8400/callback"),
              (Read{8400, "/callback", "http://127.0.0.1:8400/callback"}));
    EXPECT_EQ(read("http://[::1]:8400/", 8400), (Read{8400, "/", "http://[::1]:8400/"}));
}

TEST(LoopbackRedirect, is_plain_http_on_this_machine) {
    for (const auto* const text :
         {"https://127.0.0.1/callback", "http://example.com/callback", "http://0.0.0.0/callback",
          "http://localhost.example.com/", "myapp:/callback", "", "http://127.0.0.1/{port}",
          "http://127.0.0.1/callback#x", "http://user@127.0.0.1/", "http://127.0.0.1/a:{port}"}) {
        const auto redirect = LoopbackRedirect::parse(text, 0);
        ASSERT_FALSE(redirect) << text;
        EXPECT_EQ(redirect.error().remedy, Remedy::usage);
    }
    EXPECT_FALSE(LoopbackRedirect::parse("http://127.0.0.1:8400/callback", 8401));
}

}  // namespace
}  // namespace hearth::oauth
