#include "agent/endpoint_metadata.hpp"

#include <gtest/gtest.h>

#include <string>

#include "json/document.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds end{1'800'000'000s};

class MetadataEndpoint : public ::testing::Test {
  protected:
    static Question question(const std::string& target, bool flavored = true) {
        Question asked;
        asked.gets = true;
        asked.target = target;
        asked.flavored = flavored;
        return asked;
    }
    static Credential token_until(std::chrono::sys_seconds until) {
        return Credential({.kind = Credential::Kind::bearer,
                           .token = Secret("ya29.not-a-real-token"),
                           .profile = "work",
                           .version = {},
                           .expires_at = until,
                           .headers = {}});
    }
    // The whole answer; empty where a credential is needed.
    [[nodiscard]] std::string whole(const std::string& target) const {
        const auto reply = face.fixed_reply(question(target));
        return reply ? std::string(reply->reveal()) : std::string();
    }
    static std::string body_of(const std::string& reply) {
        return reply.substr(reply.find("\r\n\r\n") + 4);
    }
    [[nodiscard]] std::string answer(const std::string& target) const {
        const auto reply = whole(target);
        EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n")) << target << "\n" << reply;
        EXPECT_TRUE(reply.contains("\r\nMetadata-Flavor: Google\r\n")) << target;
        return body_of(reply);
    }
    [[nodiscard]] bool absent(const std::string& target) const {
        const auto reply = whole(target);
        return reply.starts_with("HTTP/1.1 404 ") &&
               reply.contains("\r\nMetadata-Flavor: Google\r\n");
    }
    [[nodiscard]] bool takes_a_credential(const std::string& target) const {
        return whole(target).empty();
    }

    const std::string base = "/computeMetadata/v1/";
    const std::string account = base + "instance/service-accounts/default/";
    MetadataFacts facts{.project = "demo-1",
                        .email = "robot@demo-1.iam.gserviceaccount.com",
                        .scopes = {"https://www.googleapis.com/auth/cloud-platform", "email"},
                        .universe_domain = {},
                        .id_token_audience = {}};
    MetadataFace face{[this] { return facts; }};
};

TEST_F(MetadataEndpoint, grants_who_says_that_a_metadata_server_is_meant) {
    EXPECT_EQ(face.judge(question(account + "token")), Verdict::granted);
    EXPECT_EQ(face.judge(question(account + "token", false)), Verdict::no_flavor);
    EXPECT_EQ(face.judge(question(base + "nothing", false)), Verdict::no_flavor);
    auto posted = question(account + "token");
    posted.gets = false;
    EXPECT_EQ(face.judge(posted), Verdict::wrong_method);
}

TEST_F(MetadataEndpoint, is_found_at_its_root_by_whoever_looks) {
    EXPECT_EQ(face.judge(question("/", false)), Verdict::granted);
    EXPECT_EQ(answer("/"), "computeMetadata/\n");
}

TEST_F(MetadataEndpoint, gives_the_token_with_the_seconds_that_are_left) {
    ASSERT_TRUE(takes_a_credential(account + "token"));
    const std::string reply(
        face.reply(question(account + "token"), token_until(end), Instant(end) - 90s - 1ms)
            .reveal());
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 200 OK\r\n"));
    EXPECT_TRUE(reply.contains("\r\nContent-Type: application/json\r\n"));
    EXPECT_TRUE(reply.contains("\r\nMetadata-Flavor: Google\r\n"));
    const auto body = *json::Document::parse(body_of(reply));
    EXPECT_EQ(body.text("access_token"), "ya29.not-a-real-token");
    EXPECT_EQ(body.number("expires_in"), 90);
    EXPECT_EQ(body.text("token_type"), "Bearer");
    EXPECT_FALSE(face.lasting_reply(token_until(end)));
}

// google-auth-library takes 0 for a token without an end.
TEST_F(MetadataEndpoint, never_says_that_no_second_is_left) {
    const std::string reply(
        face.reply(question(account + "token"), token_until(end), Instant(end) - 400ms).reveal());
    EXPECT_EQ(json::Document::parse(body_of(reply))->number("expires_in"), 1);
}

TEST_F(MetadataEndpoint, gives_the_token_that_it_has_whatever_scopes_are_asked_for) {
    EXPECT_TRUE(takes_a_credential(account + "token?scopes=a,b"));
    EXPECT_TRUE(takes_a_credential(account + "token/"));
    EXPECT_TRUE(takes_a_credential(base + "instance/service-accounts/" + facts.email + "/token"));
    EXPECT_TRUE(absent(base + "instance/service-accounts/another@demo-1.example/token"));
    EXPECT_TRUE(absent(base + "instance/service-accounts/defaulted/token"));
}

TEST_F(MetadataEndpoint, answers_each_path_with_and_without_a_slash) {
    const std::vector<std::pair<std::string, std::string>> known{
        {base, "instance/\nproject/\nuniverse/\n"},
        {base + "instance", "service-accounts/\n"},
        {base + "instance/service-accounts", "default/\n" + facts.email + "/\n"},
        {account, "aliases\nemail\nidentity\nscopes\ntoken\n"},
        {account + "email", facts.email},
        {account + "aliases", "default\n"},
        {account + "scopes", "https://www.googleapis.com/auth/cloud-platform\nemail\n"},
        {base + "project/project-id", "demo-1"},
        {base + "universe/universe-domain", "googleapis.com"},
        {base + "universe/universe_domain", "googleapis.com"}};
    for (const auto& [path, text] : known) {
        const auto bare = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
        EXPECT_EQ(answer(bare), text) << bare;
        EXPECT_EQ(answer(bare + "/"), text) << bare;
        EXPECT_EQ(answer(bare + "?alt=text"), text) << bare;
    }
    for (const auto* path : {"instance/zone", "instance/attributes/x", "nothing", "project/x"})
        EXPECT_TRUE(absent(base + path)) << path;
    EXPECT_TRUE(absent("/computeMetadata/v2/instance"));
    EXPECT_TRUE(absent("/latest/meta-data"));
}

TEST_F(MetadataEndpoint, tells_of_the_account_as_a_document) {
    const auto one = *json::Document::parse(answer(account + "?recursive=true"));
    EXPECT_EQ(one.text("email"), facts.email);
    EXPECT_EQ(one.texts("aliases"), std::vector<std::string>{"default"});
    EXPECT_EQ(one.texts("scopes"), facts.scopes);
    const auto all = answer(base + "instance/service-accounts/?recursive=true");
    EXPECT_TRUE(all.starts_with(R"({"default":{"aliases":["default"],"email":")"));
    EXPECT_TRUE(all.contains("\"" + facts.email + "\":{"));
}

TEST_F(MetadataEndpoint, names_an_account_that_it_does_not_know_as_the_default_one) {
    facts.email.clear();
    EXPECT_EQ(answer(account + "email"), "default");
    EXPECT_EQ(answer(base + "instance/service-accounts/"), "default/\n");
    EXPECT_EQ(answer(base + "instance/service-accounts/?recursive=true").find("\"\":"),
              std::string::npos);
}

TEST_F(MetadataEndpoint, has_no_project_that_the_profile_does_not_name) {
    EXPECT_TRUE(absent(base + "project/numeric-project-id"));
    facts.project = "123456789012";
    EXPECT_EQ(answer(base + "project/numeric-project-id"), "123456789012");
    facts.project.clear();
    EXPECT_TRUE(absent(base + "project/project-id"));
    EXPECT_TRUE(absent(base + "project/numeric-project-id"));
}

TEST_F(MetadataEndpoint, tells_of_another_universe) {
    facts.universe_domain = "example.goog";
    EXPECT_EQ(answer(base + "universe/universe-domain"), "example.goog");
}

TEST_F(MetadataEndpoint, hands_an_id_token_to_its_audience_alone) {
    const auto identity = account + "identity?audience=https%3A%2F%2Frun.example%2F&format=full";
    EXPECT_TRUE(absent(identity));
    facts.id_token_audience = "https://run.example/";
    EXPECT_TRUE(takes_a_credential(identity));
    EXPECT_TRUE(takes_a_credential(account + "identity?audience=https://run.example/"));
    for (const auto* other : {"identity", "identity?audience=", "identity?audience=https://x/"})
        EXPECT_TRUE(absent(account + other)) << other;
    EXPECT_TRUE(absent(account + "token"));
    const std::string reply(
        face.reply(question(identity), token_until(end), Instant(end) - 90s).reveal());
    EXPECT_EQ(body_of(reply), "ya29.not-a-real-token");
}

TEST_F(MetadataEndpoint, says_who_it_is_in_failures_and_refusals_too) {
    const std::string failed(
        face.failure(Error{Remedy::sign_in, "work: no", "hearth login work"}).reveal());
    EXPECT_TRUE(failed.starts_with("HTTP/1.1 503 "));
    EXPECT_TRUE(failed.contains("work: no; hearth login work"));
    for (const auto& reply : {failed, std::string(face.refusal(Verdict::no_flavor).reveal()),
                              std::string(face.refusal(Verdict::passed_on).reveal())})
        EXPECT_TRUE(reply.contains("\r\nMetadata-Flavor: Google\r\n")) << reply;
}

TEST_F(MetadataEndpoint, has_nothing_for_a_credential_that_is_no_token) {
    const Credential key({.kind = Credential::Kind::api_key,
                          .token = Secret("planted"),
                          .profile = "work",
                          .version = {},
                          .expires_at = {},
                          .headers = {}});
    const std::string reply(face.reply(question(account + "token"), key, Instant(end)).reveal());
    EXPECT_TRUE(reply.starts_with("HTTP/1.1 503 "));
    EXPECT_FALSE(reply.contains("planted"));
}

TEST_F(MetadataEndpoint, takes_odd_escapes_as_they_stand) {
    for (const auto* target : {"/%", "/%2", "/%zz", "/?%", "/?audience", "/?=&=&&", "?", ""})
        EXPECT_NO_THROW((void)whole(target)) << target;
}

}  // namespace
}  // namespace hearth::agent
