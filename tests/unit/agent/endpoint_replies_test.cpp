#include "agent/endpoint_replies.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "agent/endpoint_container.hpp"
#include "json/document.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds end{1'800'000'000s};

struct Reply {
    explicit Reply(const Secret& bytes) {
        const std::string text(bytes.reveal());
        const auto blank = text.find("\r\n\r\n");
        head = text.substr(0, blank + 2);
        body_text = text.substr(blank + 4);
        body = *json::Document::parse(body_text);
    }
    [[nodiscard]] bool has(const std::string& line) const { return head.contains(line + "\r\n"); }
    std::string head;
    std::string body_text;
    json::Document body;
};

Credential credential_with(const char* account, std::optional<std::chrono::sys_seconds> until) {
    return Credential({.kind = Credential::Kind::aws,
                       .token = Secret("{}"),
                       .profile = "work",
                       .version = {},
                       .expires_at = until,
                       .headers = {},
                       .aws = AwsKeys{.access_key_id = "ASIA0",
                                      .secret_access_key = Secret("secret"),
                                      .session_token = Secret("session"),
                                      .account_id = account},
                       .signer = nullptr});
}

Reply reply_to(const Credential& credential, Instant now = {}) {
    return Reply(ContainerFace("/", Secret("t")).reply({}, credential, now));
}

TEST(EndpointReplies, hold_the_members_that_the_sdks_read) {
    const Reply reply = reply_to(credential_with("111122223333", end));
    EXPECT_TRUE(reply.head.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(reply.has("Content-Type: application/json"));
    EXPECT_TRUE(reply.has("Content-Length: " + std::to_string(reply.body_text.size())));
    EXPECT_TRUE(reply.has("Cache-Control: no-store"));
    EXPECT_EQ(reply.body.text("AccessKeyId"), "ASIA0");
    EXPECT_EQ(reply.body.text("SecretAccessKey"), "secret");
    EXPECT_EQ(reply.body.text("Token"), "session");
    EXPECT_EQ(reply.body.text("Expiration"), "2027-01-15T08:00:00Z");
    EXPECT_EQ(reply.body.text("AccountId"), "111122223333");
}

TEST(EndpointReplies, name_no_account_that_nobody_named) {
    EXPECT_FALSE(reply_to(credential_with("", end)).body.has("AccountId"));
}

TEST(EndpointReplies, say_when_to_ask_again_for_keys_without_an_end) {
    const Reply reply = reply_to(credential_with("", {}), Instant(end) - 1h);
    EXPECT_EQ(reply.body.text("Expiration"), "2027-01-15T08:00:00Z");
}

TEST(EndpointReplies, last_as_long_as_keys_that_end_and_no_longer) {
    const ContainerFace face("/", Secret("t"));
    EXPECT_TRUE(face.lasting_reply(credential_with("", end)));
    EXPECT_FALSE(face.lasting_reply(credential_with("", {})));
}

TEST(EndpointReplies, to_a_credential_without_keys_are_failures) {
    const Credential bearer({.kind = Credential::Kind::bearer,
                             .token = Secret("sk-planted"),
                             .profile = "work",
                             .version = {},
                             .expires_at = {},
                             .headers = {}});
    const Reply reply = reply_to(bearer);
    EXPECT_TRUE(reply.head.starts_with("HTTP/1.1 503 "));
    EXPECT_FALSE(reply.body_text.contains("planted"));
}

TEST(EndpointReplies, say_what_failed_and_what_helps) {
    const Reply reply(
        failure_reply(Error{Remedy::sign_in, "work: nobody is signed in", "hearth login work"}));
    EXPECT_TRUE(reply.head.starts_with("HTTP/1.1 503 "));
    EXPECT_EQ(reply.body.text("code"), "SignInNeeded");
    EXPECT_EQ(reply.body.text("message"), "work: nobody is signed in; hearth login work");
}

TEST(EndpointReplies, tell_each_refusal_by_status_and_code_and_end_the_connection) {
    struct Case {
        Verdict verdict;
        const char* status;
        const char* code;
    };
    constexpr std::array cases{Case{Verdict::malformed, "400 ", "BadRequest"},
                               Case{Verdict::too_long, "431 ", "RequestTooLong"},
                               Case{Verdict::foreign_host, "403 ", "ForeignHost"},
                               Case{Verdict::passed_on, "403 ", "PassedOn"},
                               Case{Verdict::wrong_path, "404 ", "NotFound"},
                               Case{Verdict::wrong_method, "405 ", "MethodNotAllowed"},
                               Case{Verdict::no_token, "401 ", "NoToken"},
                               Case{Verdict::wrong_token, "403 ", "WrongToken"},
                               Case{Verdict::no_flavor, "403 ", "NoFlavor"}};
    for (const auto& [verdict, status, code] : cases) {
        const Reply reply(refusal_reply(verdict));
        EXPECT_TRUE(reply.head.starts_with("HTTP/1.1 " + std::string(status))) << code;
        EXPECT_EQ(reply.body.text("code"), code);
        EXPECT_FALSE(reply.body.text("message").empty());
        EXPECT_TRUE(reply.has("Connection: close"));
    }
}

}  // namespace
}  // namespace hearth::agent
