#include "oauth/callback_judge.hpp"

#include <gtest/gtest.h>

namespace hearth::oauth {
namespace {

using Stage = Progress::Stage;

class CallbackJudge : public ::testing::Test {
  protected:
    CallbackVerdict get(const std::string& target) {
        return asked("GET", target, {{"Host", "127.0.0.1:8400"}});
    }
    CallbackVerdict asked(const std::string& method, const std::string& target,
                          std::vector<Header> headers) {
        return judge(expected, progress,
                     {.method = method, .target = target, .headers = std::move(headers)});
    }
    static std::string header(const CallbackReply& reply, std::string_view name) {
        for (const auto& one : reply.headers)
            if (one.name == name) return one.value;
        return {};
    }

    CallbackExpectation expected{
        .path = "/callback",
        .port = 8400,
        .response = {.state = "good", .issuer = {}, .promises_iss = false}};
    Progress progress;
};

TEST_F(CallbackJudge, takes_the_code_and_sends_the_browser_to_a_clean_address) {
    const auto verdict = get("/callback?code=planted-code&state=good");
    ASSERT_TRUE(verdict.outcome && *verdict.outcome);
    EXPECT_EQ((*verdict.outcome)->reveal(), "planted-code");
    EXPECT_EQ(verdict.reply.status, 303);
    EXPECT_EQ(header(verdict.reply, "Location"), "/done");
    EXPECT_EQ(verdict.reply.body.find("planted"), std::string::npos);
}

TEST_F(CallbackJudge, answers_on_every_name_of_loopback_at_its_own_port) {
    for (const auto* const host :
         {"127.0.0.1:8400", "localhost:8400", "LocalHost:8400", "[::1]:8400"}) {
        EXPECT_EQ(asked("GET", "/callback?code=c&state=good", {{"host", host}}).reply.status, 303)
            << host;
    }
    for (const auto* const host :
         {"127.0.0.1", "127.0.0.1:8401", "evil.example:8400", "localhost.evil.example:8400", ""}) {
        const auto verdict = asked("GET", "/callback?code=c&state=good", {{"Host", host}});
        EXPECT_EQ(verdict.reply.status, 403) << host;
        EXPECT_FALSE(verdict.outcome) << host;
    }
    EXPECT_EQ(asked("GET", "/callback?code=c&state=good", {}).reply.status, 403);
    EXPECT_EQ(asked("GET", "/callback?code=c&state=good",
                    {{"Host", "127.0.0.1:8400"}, {"Host", "127.0.0.1:8400"}})
                  .reply.status,
              403);
}

TEST_F(CallbackJudge, refuses_what_a_page_sent) {
    const auto verdict = asked("GET", "/callback?code=c&state=good",
                               {{"Host", "127.0.0.1:8400"}, {"origin", "http://127.0.0.1:8400"}});
    EXPECT_EQ(verdict.reply.status, 403);
    EXPECT_FALSE(verdict.outcome);
}

TEST_F(CallbackJudge, takes_nothing_but_a_page_of_its_own_where_the_browser_says_what_it_is) {
    const auto wanted_for = [this](std::string destination) {
        return asked("GET", "/callback?code=c&state=good",
                     {{"Host", "127.0.0.1:8400"}, {"sec-fetch-dest", std::move(destination)}});
    };
    for (const auto* const destination : {"image", "iframe", "empty", "script", ""}) {
        EXPECT_EQ(wanted_for(destination).reply.status, 403) << destination;
        EXPECT_FALSE(wanted_for(destination).outcome) << destination;
    }
    EXPECT_TRUE(wanted_for("document").outcome);
}

TEST_F(CallbackJudge, knows_one_path_and_one_method) {
    for (const auto* const target :
         {"/", "/favicon.ico", "/callback/", "/Callback", "/done", "callback", "", "*"}) {
        EXPECT_EQ(get(target).reply.status, 404) << target;
    }
    for (const auto* const method : {"POST", "HEAD", "PUT", "get", "OPTIONS"}) {
        const auto verdict =
            asked(method, "/callback?code=c&state=good", {{"Host", "127.0.0.1:8400"}});
        EXPECT_EQ(verdict.reply.status, 405) << method;
        EXPECT_FALSE(verdict.outcome) << method;
        EXPECT_EQ(header(verdict.reply, "Allow"), "GET");
    }
}

TEST_F(CallbackJudge, goes_on_waiting_after_an_answer_that_is_not_its_own) {
    for (const auto* const target :
         {"/callback", "/callback?", "/callback?code=c", "/callback?code=c&state=bad",
          "/callback?state=good", "/callback?code=&state=good",
          "/callback?code=a&code=b&state=good", "/callback?code=%zz&state=good"}) {
        const auto verdict = get(target);
        EXPECT_EQ(verdict.reply.status, 400) << target;
        EXPECT_FALSE(verdict.outcome) << target;
    }
}

TEST_F(CallbackJudge, ends_with_the_error_that_the_server_sent) {
    const auto verdict = get("/callback?error=access_denied&state=good");
    ASSERT_TRUE(verdict.outcome);
    EXPECT_FALSE(*verdict.outcome);
    EXPECT_EQ(verdict.reply.status, 303);
}

TEST_F(CallbackJudge, refuses_a_second_answer) {
    for (const auto stage : {Stage::received, Stage::worked, Stage::failed}) {
        progress.stage = stage;
        const auto verdict = get("/callback?code=other&state=good");
        EXPECT_EQ(verdict.reply.status, 410);
        EXPECT_FALSE(verdict.outcome);
    }
}

TEST_F(CallbackJudge, says_on_the_last_page_whether_it_worked) {
    progress.stage = Stage::worked;
    EXPECT_NE(get("/done").reply.body.find("You are signed in"), std::string::npos);
    progress = {.stage = Stage::failed, .text = "<script>bad</script> & more"};
    const auto reply = get("/done").reply;
    EXPECT_EQ(reply.status, 200);
    EXPECT_NE(reply.body.find("did not work"), std::string::npos);
    EXPECT_NE(reply.body.find("&lt;script&gt;bad&lt;/script&gt; &amp; more"), std::string::npos);
    EXPECT_NE(reply.body.find("close this tab"), std::string::npos);
    EXPECT_EQ(reply.body.find("<script"), std::string::npos);
    EXPECT_EQ(get("/done?code=x").reply.status, 404);
}

TEST_F(CallbackJudge, sends_strict_headers_with_every_reply) {
    progress.stage = Stage::worked;
    for (const auto& reply : {get("/done").reply, get("/nothing").reply, get("/callback").reply,
                              asked("GET", "/", {}).reply,
                              asked("POST", "/callback", {{"Host", "localhost:8400"}}).reply}) {
        EXPECT_TRUE(header(reply, "Content-Security-Policy")
                        .starts_with("default-src 'none'; style-src 'sha256-"));
        EXPECT_EQ(header(reply, "Cache-Control"), "no-store");
        EXPECT_EQ(header(reply, "Referrer-Policy"), "no-referrer");
        EXPECT_EQ(header(reply, "Connection"), "close");
        EXPECT_EQ(header(reply, "X-Content-Type-Options"), "nosniff");
    }
}

TEST_F(CallbackJudge, has_another_last_page_when_the_redirect_is_called_done) {
    expected.path = "/done";
    EXPECT_EQ(header(get("/done?code=c&state=good").reply, "Location"), "/finished");
}

}  // namespace
}  // namespace hearth::oauth
