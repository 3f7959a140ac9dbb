#include <gtest/gtest.h>

#include <optional>
#include <sstream>
#include <thread>

#include "core/arena.hpp"
#include "core/http.hpp"
#include "core/name.hpp"
#include "core/places.hpp"
#include "core/scope.hpp"
#include "core/url.hpp"
#include "hearth/credential.hpp"
#include "hearth/secret.hpp"

namespace hearth {
namespace {

TEST(Secret, is_never_printed) {
    std::ostringstream out;
    out << Secret("hunter2");
    EXPECT_EQ(out.str(), "[secret]");
}

TEST(Secret, is_wiped_when_dropped) {
    const char* where = nullptr;
    {
        const Secret secret("a-secret-of-twenty-nine-bytes");
        where = secret.reveal().data();
    }
    // The block is free but stays mapped, so looking at it is sound as long as nobody takes it
    // again.
    EXPECT_EQ(std::string(where, 29), std::string(29, '\0'));
}

TEST(Secret, is_wiped_when_the_last_of_its_owners_is_gone) {
    const char* bytes = nullptr;
    {
        std::optional<Secret> first(std::in_place, "a-secret-that-two-own");
        const Secret second = first->clone();
        bytes = second.reveal().data();
        EXPECT_EQ(first->reveal().data(), bytes);
        first.reset();
        EXPECT_EQ(second.reveal(), "a-secret-that-two-own");
    }
    EXPECT_EQ(std::string_view(bytes, 4), std::string_view("\0\0\0\0", 4));
}

TEST(Secret, is_shared_among_threads) {
    const Secret shared("for everybody");
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&shared] {
            for (int round = 0; round < 1000; ++round)
                ASSERT_EQ(shared.clone().reveal(), "for everybody");
        });
    }
    threads.clear();
    EXPECT_EQ(shared.reveal(), "for everybody");
}

TEST(Secret, moves_leave_nothing_behind) {
    Secret first("one");
    Secret second(std::move(first));
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): that is what is asked.
    Secret third("three");
    third = std::move(second);
    EXPECT_EQ(third.reveal(), "one");
}

TEST(Secret, of_any_size_keeps_its_bytes) {
    for (const std::size_t size : {1UL, 31UL, 32UL, 33UL, 4096UL, 4097UL, 1UL << 20U}) {
        const std::string text(size, 'x');
        EXPECT_EQ(Secret(text).reveal(), text);
    }
}

TEST(Secret, comparison_sees_every_difference) {
    EXPECT_TRUE(same_secret(Secret("abc"), Secret("abc")));
    EXPECT_FALSE(same_secret(Secret("abc"), Secret("abd")));
    EXPECT_FALSE(same_secret(Secret("abc"), Secret("abcd")));
    EXPECT_TRUE(same_secret(Secret(), Secret("")));
}

TEST(SecretBuilder, grows_and_hands_over) {
    SecretBuilder builder;
    std::string expected;
    for (int i = 0; i < 2000; ++i) {
        builder.append("piece ");
        expected += "piece ";
    }
    EXPECT_EQ(builder.take().reveal(), expected);
    EXPECT_EQ(builder.size(), 0U);
}

TEST(Arena, serves_threads_at_once) {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([t] {
            for (int i = 0; i < 5000; ++i) {
                const std::string text(static_cast<std::size_t>((i % 300) + 1),
                                       static_cast<char>('a' + t));
                ASSERT_EQ(Secret(text).reveal(), text);
            }
        });
    }
}

TEST(Name, is_a_file_name_a_keychain_attribute_and_a_shell_word) {
    for (const auto* good : {"claude", "work-bedrock", "A.b_c-1", "0"})
        EXPECT_TRUE(Name::parse(good)) << good;
    const std::string long_one(65, 'a');
    for (const auto& bad :
         std::vector<std::string>{"", ".", "..", ".hidden", "-x", "a/b", "a b", "a\nb", "é",
                                  std::string("a\0b", 3), long_one}) {
        EXPECT_FALSE(Name::parse(bad)) << bad;
    }
}

TEST(Scopes, drop_doubles_and_keep_the_order) {
    EXPECT_EQ(Scopes::parse("b a  b")->to_string(), "b a");
    EXPECT_TRUE(Scopes::parse("")->empty());
}

TEST(Scopes, refuse_what_the_rfc_refuses) {
    EXPECT_FALSE(Scopes::parse("a\"b"));
    EXPECT_FALSE(Scopes::parse("a\\b"));
    EXPECT_FALSE(Scopes::parse("a\tb"));
    EXPECT_FALSE(Scopes::of({"a b"}));
}

TEST(Scopes, know_what_was_not_granted) {
    EXPECT_EQ(Scopes::parse("a b c")->missing_from(*Scopes::parse("c a")).to_string(), "b");
}

TEST(Url, is_taken_apart) {
    const auto url = Url::parse("HTTPS://Example.COM:8443/a/b?c=d");
    ASSERT_TRUE(url);
    EXPECT_TRUE(url->secure());
    EXPECT_EQ(url->host(), "example.com");
    EXPECT_EQ(url->port(), 8443);
    EXPECT_EQ(url->target(), "/a/b?c=d");
    EXPECT_EQ(url->origin(), "https://example.com:8443");
    EXPECT_EQ(Url::parse("https://example.com?q")->target(), "/?q");
    EXPECT_EQ(Url::parse("http://[::1]:80/")->origin(), "http://[::1]");
}

TEST(Url, knows_loopback_from_what_only_looks_like_it) {
    for (const auto* here : {"http://127.0.0.1/", "http://127.9.9.9:1/", "http://localhost",
                             "http://[::1]/", "http://LOCALHOST/"}) {
        EXPECT_TRUE(Url::parse(here)->loopback()) << here;
    }
    for (const auto* there : {"http://127.0.0.1.evil.test/", "http://localhost.evil.test/",
                              "http://127.1/", "http://128.0.0.1/", "http://[::2]/",
                              "http://0.0.0.0/", "http://127.0.0.256/", "http://127.0.0.1x/"}) {
        const auto url = Url::parse(there);
        EXPECT_TRUE(!url || !url->loopback()) << there;
    }
}

TEST(Url, knows_where_a_cloud_tells_its_machines_who_they_are) {
    for (const auto* const there :
         {"http://169.254.169.254/", "http://METADATA.google.internal/x", "http://169.254.170.2/",
          "http://169.254.170.23/", "http://[fd00:ec2::254]/", "http://[fd00:ec2::23]:80/"})
        EXPECT_TRUE(Url::parse(there)->machine_service()) << there;
    for (const auto* const elsewhere :
         {"http://169.254.169.253/", "http://metadata.google.internal.example/",
          "http://x.metadata.google.internal/", "http://127.0.0.1/"})
        EXPECT_FALSE(Url::parse(elsewhere)->machine_service()) << elsewhere;
}

TEST(Url, does_not_take_a_number_with_a_leading_zero_for_loopback) {
    // A name to some resolvers, octal to others.
    for (const auto* odd : {"http://127.08.0.1/", "http://127.0.0.01/", "http://0127.0.0.1/"})
        EXPECT_FALSE(Url::parse(odd)->loopback()) << odd;
}

TEST(Url, has_nothing_but_ipv6_in_brackets) {
    for (const auto* odd : {"http://[127.0.0.1]/", "http://[abc.de]/", "http://[]/"})
        EXPECT_FALSE(Url::parse(odd)) << odd;
}

TEST(Url, refuses_what_is_ambiguous) {
    for (const auto* bad :
         {"", "https://", "ftp://a/", "https:/a", "//a", "https://user@host/",
          "https://user:pw@host/", "https://host/#f", "https://ho st/", "https://host/\n",
          "https://host:0/", "https://host:65536/", "https://host:1x/", "https://[::1/",
          "https://[zz]/", "https://h\xC3\xB6st/", "https://host\\@evil/"}) {
        EXPECT_FALSE(Url::parse(bad)) << bad;
    }
}

class Authorize : public ::testing::Test {
  protected:
    static Credential make(Credential::Kind kind, std::vector<HeaderRule> rules = {}) {
        Credential::Parts parts;
        parts.kind = kind;
        parts.token = Secret("t0ken");
        parts.headers = std::move(rules);
        return Credential(std::move(parts));
    }
};

TEST_F(Authorize, puts_a_bearer_token_in_its_header) {
    Request request{.url = "https://api.test/"};
    ASSERT_TRUE(make(Credential::Kind::bearer).authorize(request));
    EXPECT_EQ(request.headers, (std::vector<Header>{{"Authorization", "Bearer t0ken"}}));
}

TEST_F(Authorize, replaces_what_was_there) {
    Request request{
        .url = "https://api.test/",
        .headers = {{"AUTHORIZATION", "Bearer old"}, {"X-Api-Key", "old"}, {"Accept", "*/*"}}};
    ASSERT_TRUE(make(Credential::Kind::api_key).authorize(request));
    EXPECT_EQ(request.headers, (std::vector<Header>{{"Accept", "*/*"}, {"x-api-key", "t0ken"}}));
}

TEST_F(Authorize, adds_to_lists_once_and_sets_what_is_absent) {
    const auto credential =
        make(Credential::Kind::bearer,
             {{"anthropic-beta", "b1", HeaderRule::Merge::append_list},
              {"anthropic-version", "2023-06-01", HeaderRule::Merge::if_absent}});
    Request request{.url = "https://api.test/",
                    .headers = {{"Anthropic-Beta", "a, c"}, {"anthropic-version", "mine"}}};
    ASSERT_TRUE(credential.authorize(request));
    ASSERT_TRUE(credential.authorize(request));
    EXPECT_EQ(request.headers[0].value, "a, c,b1");
    EXPECT_EQ(request.headers[1].value, "mine");
}

TEST_F(Authorize, keeps_a_credential_off_plain_http_but_for_loopback) {
    Request away{.url = "http://api.test/"};
    const auto refused = make(Credential::Kind::bearer).authorize(away);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().remedy, Remedy::refused);
    EXPECT_TRUE(away.headers.empty());
    Request here{.url = "http://127.0.0.1:8080/"};
    EXPECT_TRUE(make(Credential::Kind::bearer).authorize(here));
}

TEST(HttpResponse, finds_headers_without_case) {
    const HttpResponse response{.status = 200, .headers = {{"Retry-After", "7"}}, .body = {}};
    EXPECT_EQ(response.header("retry-after"), "7");
    EXPECT_EQ(response.header("date"), "");
}

Environment with(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(std::string(name));
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

TEST(Places, are_all_below_hearth_home) {
    const auto found = places(
        with({{"HEARTH_HOME", "/x/"}, {"HOME", "/home/a"}, {"XDG_RUNTIME_DIR", "/run/user/1"}}));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->config_file, "/x/config.toml");
    EXPECT_EQ(found->state_folder, "/x/state");
    EXPECT_EQ(found->socket(), "/x/run/agent.sock");
    EXPECT_EQ(found->sealed_folder, "/x/state/sealed");
}

TEST(Places, follow_the_xdg_variables) {
    const auto found = places(with({{"HOME", "/home/a"},
                                    {"XDG_CONFIG_HOME", "/c"},
                                    {"XDG_STATE_HOME", ""},
                                    {"XDG_RUNTIME_DIR", "/run/user/1"}}));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->config_file, "/c/hearth/config.toml");
    EXPECT_EQ(found->state_folder, "/home/a/.local/state/hearth");
    EXPECT_EQ(found->socket(), "/run/user/1/hearth/agent.sock");
}

TEST(Places, without_a_runtime_folder_the_socket_is_in_the_state_folder) {
    EXPECT_EQ(places(with({{"HOME", "/home/a"}}))->socket(),
              "/home/a/.local/state/hearth/run/agent.sock");
}

TEST(Places, name_the_variable_that_is_wrong) {
    EXPECT_NE(places(with({})).error().what.find("HOME"), std::string::npos);
    EXPECT_NE(places(with({{"HEARTH_HOME", "relative"}})).error().what.find("HEARTH_HOME"),
              std::string::npos);
}

}  // namespace
}  // namespace hearth
