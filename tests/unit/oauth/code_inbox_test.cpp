#include "oauth/code_inbox.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace hearth::oauth {
namespace {

using Stage = Progress::Stage;
using std::chrono::steady_clock;

class CodeInboxOfASignIn : public ::testing::Test {
  protected:
    CodeInboxOfASignIn() { inbox.listening_on(8400); }
    CallbackReply get(const std::string& target) {
        return inbox.answer(
            {.method = "GET", .target = target, .headers = {{"Host", "localhost:8400"}}});
    }
    static steady_clock::time_point soon() { return steady_clock::now() + std::chrono::minutes(1); }

    CodeInbox inbox{{.path = "/callback",
                     .port = 0,
                     .response = {.state = "good", .issuer = {}, .promises_iss = false}}};
    std::stop_source stop;
};

TEST_F(CodeInboxOfASignIn, refuses_everything_until_somebody_listens) {
    CodeInbox early({.path = "/callback",
                     .port = 0,
                     .response = {.state = "good", .issuer = {}, .promises_iss = false}});
    EXPECT_EQ(early
                  .answer({.method = "GET",
                           .target = "/callback?code=c&state=good",
                           .headers = {{"Host", "localhost:8400"}}})
                  .status,
              403);
}

TEST_F(CodeInboxOfASignIn, hands_over_what_the_browser_brought_once) {
    EXPECT_EQ(get("/callback?code=c-1&state=good").status, 303);
    EXPECT_EQ(get("/callback?code=c-2&state=good").status, 410);
    const auto arrival = inbox.next(soon(), stop.get_token());
    ASSERT_TRUE(arrival);
    EXPECT_EQ(std::get<Result<Secret>>(*arrival)->reveal(), "c-1");
    EXPECT_FALSE(inbox.next(steady_clock::now(), stop.get_token()));
}

TEST_F(CodeInboxOfASignIn, hands_over_what_was_pasted_from_another_thread) {
    std::jthread person([&] { inbox.paste(Secret("pasted")); });
    const auto arrival = inbox.next(soon(), stop.get_token());
    ASSERT_TRUE(arrival);
    EXPECT_EQ(std::get<CodeInbox::Pasted>(*arrival).text.reveal(), "pasted");
}

TEST_F(CodeInboxOfASignIn, stops_waiting_when_it_is_told_to) {
    std::jthread canceller([&] { stop.request_stop(); });
    EXPECT_FALSE(inbox.next(soon(), stop.get_token()));
}

TEST_F(CodeInboxOfASignIn, keeps_the_last_page_waiting_until_the_end_is_known) {
    get("/callback?code=c-1&state=good");
    auto page = std::async(std::launch::async, [&] { return get("/done"); });
    inbox.conclude(Stage::failed, "the exchange went wrong");
    EXPECT_NE(page.get().body.find("the exchange went wrong"), std::string::npos);
    inbox.let_browser_finish(std::chrono::minutes(1));
    EXPECT_EQ(get("/done").status, 200) << "a reload works too";
}

TEST_F(CodeInboxOfASignIn, lets_nobody_wait_once_it_is_closed) {
    get("/callback?code=c-1&state=good");
    auto page = std::async(std::launch::async, [&] { return get("/done"); });
    inbox.close();
    EXPECT_EQ(page.get().status, 200);
}

TEST_F(CodeInboxOfASignIn, sends_the_browser_to_the_terminal_when_the_end_takes_too_long) {
    CodeInbox hasty({.path = "/callback",
                     .port = 8400,
                     .response = {.state = "good", .issuer = {}, .promises_iss = false}},
                    std::chrono::milliseconds(1));
    const auto get = [&](const std::string& target) {
        return hasty.answer(
            {.method = "GET", .target = target, .headers = {{"Host", "localhost:8400"}}});
    };
    ASSERT_EQ(get("/callback?code=c-1&state=good").status, 303);
    EXPECT_NE(get("/done").body.find("the terminal says whether it worked"), std::string::npos);
}

TEST_F(CodeInboxOfASignIn, does_not_wait_for_a_browser_that_brought_nothing) {
    const auto start = steady_clock::now();
    inbox.conclude(Stage::worked, "");
    inbox.let_browser_finish(std::chrono::minutes(1));
    EXPECT_LT(steady_clock::now() - start, std::chrono::seconds(30));
}

}  // namespace
}  // namespace hearth::oauth
