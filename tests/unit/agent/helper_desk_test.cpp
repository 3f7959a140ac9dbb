#include "agent/helper_desk.hpp"

#include <gmock/gmock.h>

#include <string>

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = sources::HelperTrouble::Kind;

constexpr Span ttl = 5min;
constexpr Span limit = 60s;

// "run 1", "behind 1", "answer 1 t0ken", "refuse 1 exited"
std::vector<std::string> told(const HelperDesk::Effects& effects) {
    std::vector<std::string> words;
    for (const auto& effect : effects) {
        if (const auto* const run = std::get_if<HelperDesk::Run>(&effect))
            words.push_back("run " + std::to_string(run->by));
        if (const auto* const behind = std::get_if<HelperDesk::RunBehind>(&effect))
            words.push_back("behind " + std::to_string(behind->by));
        if (const auto* const answer = std::get_if<HelperDesk::Answer>(&effect))
            words.push_back("answer " + std::to_string(answer->to) + " " +
                            std::string(answer->output.reveal()));
        if (const auto* const refuse = std::get_if<HelperDesk::Refuse>(&effect))
            words.push_back("refuse " + std::to_string(refuse->to) + " " +
                            std::string(to_string(refuse->trouble.kind)));
    }
    return words;
}

// A desk, a clock, and callers that are numbers.
class Desk : public ::testing::Test {
  protected:
    static HelperDesk::Question by(HelperDesk::Asker asker) {
        return {.asker = asker, .ttl = ttl, .limit = limit, .runs = true};
    }
    static HelperDesk::Question by_one_that_cannot_run_it(HelperDesk::Asker asker) {
        auto question = by(asker);
        question.runs = false;
        return question;
    }
    auto asks(const HelperDesk::Question& question) { return told(desk.ask(question, now)); }
    auto asks(HelperDesk::Asker asker) { return asks(by(asker)); }
    auto refuses(HelperDesk::Asker asker, const char* token) {
        return told(desk.rejected(by(asker), Secret(token), now));
    }
    auto prints(HelperDesk::Asker asker, const char* token) {
        return told(desk.reported(asker, Secret(token), now));
    }
    auto fails(HelperDesk::Asker asker) {
        return told(
            desk.reported(asker, std::unexpected(sources::HelperTrouble{Kind::exited, 7}), now));
    }
    void given(const char* token) {
        (void)asks(99);
        (void)prints(99, token);
    }

    HelperDesk desk;
    Span now = 1h;
};
using HelperDeskTest = Desk;

TEST_F(HelperDeskTest, has_the_first_caller_run_it_and_gives_the_output_to_all) {
    EXPECT_THAT(asks(1), ElementsAre("run 1"));
    EXPECT_THAT(asks(2), IsEmpty());
    EXPECT_THAT(asks(by_one_that_cannot_run_it(3)), IsEmpty());
    EXPECT_THAT(prints(1, "key"), ElementsAre("answer 1 key", "answer 2 key", "answer 3 key"));
    EXPECT_EQ(desk.runner(), std::nullopt);
}

TEST_F(HelperDeskTest, answers_at_once_while_the_output_is_young) {
    given("key");
    now += ttl;
    EXPECT_THAT(asks(1), ElementsAre("answer 1 key"));
}

TEST_F(HelperDeskTest, has_one_caller_refresh_an_old_output_behind_its_answer) {
    given("key");
    now += ttl + 1s;
    EXPECT_THAT(asks(1), ElementsAre("behind 1", "answer 1 key"));
    EXPECT_THAT(asks(2), ElementsAre("answer 2 key"));
    EXPECT_THAT(told(desk.refresh(by(3), now)), ElementsAre("run 3"));
    EXPECT_THAT(asks(4), ElementsAre("answer 4 key"));
    EXPECT_THAT(prints(3, "newer"), ElementsAre("answer 3 newer"));
    EXPECT_THAT(asks(5), ElementsAre("answer 5 newer"));
}

TEST_F(HelperDeskTest, asks_somebody_else_when_nobody_comes_to_refresh) {
    given("key");
    now += ttl + 1s;
    (void)asks(1);
    now = desk.deadline().value_or(Span{});
    EXPECT_THAT(told(desk.expire(now)), IsEmpty());
    EXPECT_THAT(asks(2), ElementsAre("behind 2", "answer 2 key"));
}

TEST_F(HelperDeskTest, does_not_have_it_run_for_a_refresh_that_nobody_waits_for) {
    given("key");
    EXPECT_THAT(told(desk.refresh(by(1), now)), ElementsAre("answer 1 key"));
    desk.forget();
    EXPECT_THAT(told(desk.refresh(by(2), now)), ElementsAre("refuse 2 stopped"));
}

TEST_F(HelperDeskTest, keeps_the_old_output_when_a_refresh_fails_and_pauses) {
    given("key");
    now += ttl + 1s;
    (void)asks(1);
    (void)desk.refresh(by(2), now);
    EXPECT_THAT(fails(2), ElementsAre("refuse 2 exited"));
    EXPECT_THAT(asks(3), ElementsAre("answer 3 key"));
    now += 10s;
    EXPECT_THAT(asks(4), ElementsAre("behind 4", "answer 4 key"));
}

TEST_F(HelperDeskTest, hands_nothing_out_that_is_an_hour_too_old) {
    given("key");
    now += ttl + 1h + 1s;
    EXPECT_THAT(asks(1), ElementsAre("run 1"));
}

TEST_F(HelperDeskTest, keeps_nothing_without_a_time_to_live) {
    given("key");
    auto question = by(1);
    question.ttl = 0s;
    EXPECT_THAT(asks(question), ElementsAre("run 1"));
}

TEST_F(HelperDeskTest, tells_all_who_wait_of_a_failure) {
    (void)asks(1);
    (void)asks(2);
    EXPECT_THAT(fails(1), ElementsAre("refuse 1 exited", "refuse 2 exited"));
    EXPECT_THAT(asks(3), ElementsAre("run 3"));
}

TEST_F(HelperDeskTest, asks_the_next_when_the_one_that_runs_it_goes_away) {
    (void)asks(1);
    (void)asks(by_one_that_cannot_run_it(2));
    (void)asks(3);
    EXPECT_THAT(told(desk.left(1, now)), ElementsAre("run 3"));
    EXPECT_THAT(told(desk.left(3, now)), ElementsAre("refuse 2 nobody"));
}

TEST_F(HelperDeskTest, goes_on_when_one_that_waits_goes_away) {
    (void)asks(1);
    (void)asks(2);
    EXPECT_THAT(told(desk.left(2, now)), IsEmpty());
    EXPECT_THAT(prints(1, "key"), ElementsAre("answer 1 key"));
}

TEST_F(HelperDeskTest, asks_the_next_when_a_run_is_not_reported_on) {
    (void)asks(1);
    (void)asks(2);
    now = desk.deadline().value_or(Span{});
    EXPECT_THAT(told(desk.expire(now)), ElementsAre("run 2"));
    // What comes late is good all the same.
    EXPECT_THAT(prints(1, "key"), ElementsAre("answer 1 key", "answer 2 key"));
}

TEST_F(HelperDeskTest, refuses_all_when_the_last_run_is_not_reported_on) {
    (void)asks(1);
    now = desk.deadline().value_or(Span{});
    EXPECT_THAT(told(desk.expire(now)), ElementsAre("refuse 1 time_limit"));
}

TEST_F(HelperDeskTest, believes_only_those_who_were_asked) {
    (void)asks(1);
    (void)asks(2);
    EXPECT_THAT(prints(2, "forged"), IsEmpty());
    EXPECT_THAT(prints(7, "forged"), IsEmpty());
    EXPECT_THAT(prints(1, "key"), ElementsAre("answer 1 key", "answer 2 key"));
}

TEST_F(HelperDeskTest, refuses_one_that_cannot_run_it_where_nobody_does) {
    EXPECT_THAT(asks(by_one_that_cannot_run_it(1)), ElementsAre("refuse 1 nobody"));
    given("key");
    EXPECT_THAT(asks(by_one_that_cannot_run_it(2)), ElementsAre("answer 2 key"));
    now += ttl + 1s;
    EXPECT_THAT(asks(by_one_that_cannot_run_it(3)), ElementsAre("answer 3 key"));
}

TEST_F(HelperDeskTest, has_a_rejected_output_replaced_by_one_run) {
    given("key");
    EXPECT_THAT(refuses(1, "key"), ElementsAre("run 1"));
    EXPECT_THAT(refuses(2, "key"), IsEmpty());
    EXPECT_THAT(asks(3), IsEmpty());
    EXPECT_THAT(prints(1, "newer"),
                ElementsAre("answer 1 newer", "answer 2 newer", "answer 3 newer"));
    EXPECT_THAT(refuses(4, "key"), ElementsAre("answer 4 newer"));
}

TEST_F(HelperDeskTest, does_not_believe_a_rejected_output_for_a_minute) {
    given("key");
    (void)refuses(1, "key");
    EXPECT_THAT(prints(1, "key"), ElementsAre("refuse 1 same_again"));
    EXPECT_THAT(refuses(2, "key"), ElementsAre("refuse 2 same_again"));
    EXPECT_THAT(asks(3), ElementsAre("run 3"));
    EXPECT_THAT(prints(3, "key"), ElementsAre("refuse 3 same_again"));
    now += 60s;
    (void)asks(4);
    EXPECT_THAT(prints(4, "key"), ElementsAre("answer 4 key"));
}

TEST_F(HelperDeskTest, takes_a_rejection_of_what_it_never_had_for_a_question) {
    EXPECT_THAT(refuses(1, "somebodys"), ElementsAre("run 1"));
    EXPECT_THAT(prints(1, "key"), ElementsAre("answer 1 key"));
}

TEST_F(Desk, output_that_says_how_long_it_is_good_is_handed_out_until_then_and_no_longer) {
    (void)asks(1);
    (void)desk.reported(1, Secret("keys"), now, 2h);
    now += 2h - 1s;
    EXPECT_THAT(asks(2), ElementsAre("answer 2 keys"));
    now += 1s;
    EXPECT_THAT(asks(3), ElementsAre("run 3"));
}

TEST_F(Desk, output_that_is_good_no_more_is_for_those_who_waited_alone) {
    (void)asks(1);
    (void)asks(2);
    EXPECT_THAT(told(desk.reported(1, Secret("keys"), now, -1s)),
                ElementsAre("answer 1 keys", "answer 2 keys"));
    EXPECT_THAT(asks(3), ElementsAre("run 3"));
}

}  // namespace
}  // namespace hearth::agent
