#include "agent/refresh_desk.hpp"

#include <gmock/gmock.h>

#include <string>

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = sources::HelperTrouble::Kind;

// "run 1", "again 1", "refuse 1 exited", "tell 1 words"
std::vector<std::string> told(const RefreshDesk::Effects& effects) {
    std::vector<std::string> words;
    for (const auto& effect : effects) {
        if (const auto* const run = std::get_if<RefreshDesk::Run>(&effect))
            words.push_back("run " + std::to_string(run->by));
        if (const auto* const again = std::get_if<RefreshDesk::TryAgain>(&effect))
            words.push_back("again " + std::to_string(again->to));
        if (const auto* const refuse = std::get_if<RefreshDesk::Refuse>(&effect))
            words.push_back("refuse " + std::to_string(refuse->to) + " " +
                            std::string(to_string(refuse->trouble.kind)));
        if (const auto* const tell = std::get_if<RefreshDesk::Tell>(&effect))
            words.push_back("tell " + std::to_string(tell->to) + " " + tell->line);
    }
    return words;
}

// A desk, a clock, and requests that are numbers.
class Refreshing : public ::testing::Test {
  protected:
    [[nodiscard]] RefreshDesk::Question by(RefreshDesk::Asker asker) const {
        return {.asker = asker, .asked = now, .limit = 3min};
    }
    auto fails(const RefreshDesk::Question& question) { return told(desk.failed(question, now)); }
    auto fails(RefreshDesk::Asker asker) { return fails(by(asker)); }
    auto ends(RefreshDesk::Asker asker) { return told(desk.ended(asker, {}, now)); }
    auto ends_badly(RefreshDesk::Asker asker) {
        return told(desk.ended(asker, sources::HelperTrouble{Kind::exited, 3}, now));
    }

    RefreshDesk desk;
    Span now = 1h;
};

TEST_F(Refreshing, first_runs_the_command_and_the_others_wait) {
    EXPECT_THAT(fails(1), ElementsAre("run 1"));
    EXPECT_THAT(fails(2), IsEmpty());
    EXPECT_THAT(fails(3), IsEmpty());
    EXPECT_EQ(desk.runner(), 1U);
}

TEST_F(Refreshing, all_try_again_once_it_has_ended_well) {
    fails(1);
    fails(2);
    EXPECT_THAT(ends(1), ElementsAre("again 1", "again 2"));
    EXPECT_EQ(desk.runner(), std::nullopt);
}

TEST_F(Refreshing, all_are_refused_when_it_fails) {
    fails(1);
    fails(2);
    EXPECT_THAT(ends_badly(1), ElementsAre("refuse 1 exited", "refuse 2 exited"));
}

TEST_F(Refreshing, what_failed_is_not_run_again_for_half_a_minute) {
    fails(1);
    ends_badly(1);
    now += 29s;
    EXPECT_THAT(fails(2), ElementsAre("refuse 2 exited"));
    now += 1s;
    EXPECT_THAT(fails(3), ElementsAre("run 3"));
}

TEST_F(Refreshing, what_ended_well_and_did_not_help_is_not_run_again_for_half_a_minute) {
    fails(1);
    ends(1);
    desk.failed_again(now);
    now += 29s;
    EXPECT_THAT(fails(2), ElementsAre("refuse 2 exited"));
    now += 1s;
    EXPECT_THAT(fails(3), ElementsAre("run 3"));
}

TEST_F(Refreshing, person_who_insists_has_it_run_again_at_once) {
    fails(1);
    ends_badly(1);
    auto question = by(2);
    question.insists = true;
    EXPECT_THAT(fails(question), ElementsAre("run 2"));
}

TEST_F(Refreshing, request_that_was_begun_before_it_was_mended_is_tried_again_without_a_run) {
    const auto early = by(2);
    now += 1s;
    fails(1);
    now += 1s;
    ends(1);
    EXPECT_THAT(fails(early), ElementsAre("again 2"));
    now += 1s;
    EXPECT_THAT(fails(3), ElementsAre("run 3"));
}

TEST_F(Refreshing, one_that_cannot_run_it_waits_for_one_who_does_and_is_refused_else) {
    auto question = by(1);
    question.runs = false;
    EXPECT_THAT(fails(question), ElementsAre("refuse 1 nobody"));
    fails(2);
    question.asker = 3;
    EXPECT_THAT(fails(question), IsEmpty());
    EXPECT_THAT(ends(2), ElementsAre("again 2", "again 3"));
}

TEST_F(Refreshing, others_hear_what_it_prints_and_who_comes_late_hears_it_from_the_start) {
    fails(1);
    fails(2);
    EXPECT_THAT(told(desk.printed(1, "open the door")), ElementsAre("tell 2 open the door"));
    EXPECT_THAT(fails(3), ElementsAre("tell 3 open the door"));
    EXPECT_THAT(told(desk.printed(2, "not mine to say")), IsEmpty());
    EXPECT_THAT(told(desk.reassure()), ElementsAre("tell 2 ", "tell 3 "));
}

TEST_F(Refreshing, last_twenty_lines_are_kept_until_the_next_run) {
    fails(1);
    for (int i = 1; i <= 21; ++i) (void)desk.printed(1, std::to_string(i));
    ends_badly(1);
    ASSERT_EQ(desk.lines().size(), 20U);
    EXPECT_EQ(desk.lines().front(), "2");
    EXPECT_EQ(desk.lines().back(), "21");
    now += 1min;
    fails(2);
    EXPECT_THAT(desk.lines(), IsEmpty());
}

TEST_F(Refreshing, next_one_runs_it_when_the_one_who_did_has_gone) {
    fails(1);
    fails(2);
    EXPECT_THAT(told(desk.left(1, now)), ElementsAre("run 2"));
    EXPECT_THAT(ends(1), IsEmpty());
    EXPECT_THAT(ends(2), ElementsAre("again 2"));
}

TEST_F(Refreshing, nobody_waits_longer_than_a_run_may_take) {
    fails(1);
    fails(2);
    EXPECT_EQ(desk.deadline(), now + 3min + 5s);
    now += 3min + 4s;
    EXPECT_THAT(told(desk.expire(now)), IsEmpty());
    now += 1s;
    EXPECT_THAT(told(desk.expire(now)), ElementsAre("refuse 1 time_limit", "refuse 2 time_limit"));
}

TEST_F(Refreshing, run_of_another_process_counts_for_those_who_wait) {
    fails(1);
    fails(2);
    EXPECT_THAT(told(desk.ran_elsewhere(1, now)), ElementsAre("again 1", "again 2"));
}

TEST(RefreshLine, has_no_control_characters_and_is_cut_between_characters) {
    EXPECT_EQ(shown_line("a\x1b[1mb\r\tc"), "a[1mbc");
    EXPECT_EQ(shown_line(std::string(500, 'x')), std::string(400, 'x'));
    EXPECT_EQ(shown_line(std::string(399, 'x') + "\u00e4"), std::string(399, 'x'));
}

}  // namespace
}  // namespace hearth::agent
