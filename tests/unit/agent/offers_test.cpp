#include <gtest/gtest.h>

#include "running_agent.hpp"

namespace hearth::testing {
namespace {

class Offers : public ::testing::Test {
  protected:
    RunningAgent agent;
    Client client = agent.client();

    json::Document ask(const std::string& operation, const std::string& more) {
        return client.answer(R"({"op":")" + operation + R"(","profile":"key",)" + more + "}");
    }
};

TEST_F(Offers, before_the_session_the_caller_is_told_to_take_its_own) {
    agent.sign_in();
    const auto ok = ask("token", R"("offered":["CLAUDE_CODE_OAUTH_TOKEN","ANTHROPIC_AUTH_TOKEN"])")
                        .object("ok");
    EXPECT_EQ(ok.text("yours"), "ANTHROPIC_AUTH_TOKEN");
    EXPECT_EQ(ok.text("token_type"), "Bearer");
    EXPECT_FALSE(ok.has("token"));
}

TEST_F(Offers, what_is_no_source_changes_nothing) {
    agent.sign_in();
    EXPECT_EQ(ask("token", R"("offered":["PATH","session"])").object("ok").text("token"), api_key);
    EXPECT_EQ(ask("token", R"("offered":7)").object("ok").text("token"), api_key);
}

TEST_F(Offers, headers_leave_room_for_the_callers_own) {
    const auto ok = ask("headers", R"("url":"https://api.anthropic.com/v1/messages",)"
                                   R"("offered":["ANTHROPIC_API_KEY"])")
                        .object("ok");
    EXPECT_EQ(ok.text("yours"), "ANTHROPIC_API_KEY");
    EXPECT_EQ(ok.text("blank"), "x-api-key");
    const auto headers = ok.pairs("headers");
    ASSERT_GE(headers.size(), 2U);
    EXPECT_EQ(headers[0], std::pair(std::string("x-api-key"), std::string()));
}

TEST_F(Offers, headers_are_refused_for_plain_http_all_the_same) {
    const auto refused =
        ask("headers", R"("url":"http://example.com/","offered":["ANTHROPIC_API_KEY"])");
    EXPECT_EQ(refused.object("error").text("remedy"), "refused");
}

TEST_F(Offers, an_empty_variable_is_named_where_nothing_else_answers) {
    const auto error = ask("token", R"("empty":["ANTHROPIC_API_KEY"])").object("error");
    EXPECT_EQ(error.text("remedy"), "sign_in");
    EXPECT_NE(error.text("what").find("ANTHROPIC_API_KEY is set, but to nothing"),
              std::string::npos);
}

TEST_F(Offers, explain_shows_each_source_and_the_one_that_is_used) {
    agent.sign_in();
    const auto ok =
        ask("explain", R"("offered":["ANTHROPIC_API_KEY"],"empty":["ANTHROPIC_AUTH_TOKEN"])")
            .object("ok");
    std::string used;
    for (const auto& step : ok.objects("steps")) {
        if (step.flag("used")) used += step.text("source");
        EXPECT_FALSE(step.text("why").empty());
    }
    EXPECT_EQ(used, "ANTHROPIC_API_KEY");
    EXPECT_EQ(ok.objects("steps").back().text("why"), "ANTHROPIC_API_KEY comes before it");
    EXPECT_NE(ok.text("renewal").find("never renewed"), std::string::npos);
    std::string used_without;
    for (const auto& step : ask("explain", R"("offered":[])").object("ok").objects("steps")) {
        if (step.flag("used")) used_without += step.text("source");
    }
    EXPECT_EQ(used_without, "memory session");
}

}  // namespace
}  // namespace hearth::testing
