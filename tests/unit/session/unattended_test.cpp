// Sessions of profiles that sign in by themselves: made by the first who asks, and made anew
// instead of being renewed by a refresh token.
#include <gtest/gtest.h>

#include "support/world.hpp"

namespace hearth::testing {
namespace {

using namespace std::chrono_literals;
using Mood = FakeProvider::Mood;
using session::State;

class Unattended : public ::testing::Test {
  protected:
    Unattended() { world.provider.alone = true; }

    std::string token_of(World::Process& process) {
        const auto answer = world.ask(process);
        return answer ? std::string((*answer)->token().reveal()) : "error: " + answer.error().what;
    }
    State state_of(World::Process& process) { return process.engine().status(World::id())->state; }

    World world;
};

TEST_F(Unattended, session_is_made_by_the_first_who_asks) {
    auto& once = world.start(false);
    EXPECT_EQ(token_of(once), "access-1");
    EXPECT_EQ(world.provider.sign_ins, 0);
    EXPECT_EQ(world.provider.renewals, 1);
    EXPECT_FALSE(world.stored().version.lineage.empty());
    EXPECT_EQ(world.stored().version.counter, 1U);
    EXPECT_FALSE(world.stored().refresh_token);
    EXPECT_EQ(state_of(once), State::fresh);
}

TEST_F(Unattended, session_is_not_made_while_nobody_asks) {
    auto& agent = world.start();
    world.pass(5h);
    EXPECT_EQ(world.provider.renewals, 0);
    EXPECT_EQ(state_of(agent), State::signed_out);
}

TEST_F(Unattended, session_is_made_once_for_fifty_processes_that_ask_together) {
    std::vector<std::shared_ptr<std::optional<Result<CredentialPtr>>>> answers;
    for (int i = 0; i < 50; ++i) answers.push_back(world.start(false).begin_ask());
    world.settle();
    world.pass(9s);
    for (const auto& answer : answers) {
        ASSERT_TRUE(*answer && **answer);
        EXPECT_EQ((**answer).value()->token().reveal(), "access-1");
    }
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Unattended, session_is_kept_fresh_without_a_refresh_token) {
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "access-1");
    const auto lineage = world.stored().version.lineage;
    world.pass(24h);
    EXPECT_GE(world.provider.renewals, 24);
    EXPECT_EQ(state_of(agent), State::fresh);
    EXPECT_EQ(world.stored().version.lineage, lineage);
    EXPECT_TRUE(token_of(agent).starts_with("access-"));
}

// As a metadata server does.
TEST_F(Unattended, session_whose_source_gives_the_same_token_until_late_is_asked_for_seldom) {
    world.provider.clings = 4min;
    world.settings.profiles.begin()->second = [&] {
        auto profile = *world.settings.profiles.begin()->second;
        profile.renewal = RenewalPolicy::of("google");
        return std::make_shared<const Profile>(std::move(profile));
    }();
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "access-1");
    for (int minute = 0; minute < 24 * 60; ++minute) {
        world.pass(1min);
        EXPECT_TRUE(token_of(agent).starts_with("access-"));
    }
    EXPECT_GE(world.provider.renewals, 24);
    EXPECT_LE(world.provider.renewals, 24 * 4) << "three an hour, and the spread of the timers";
}

TEST_F(Unattended, session_that_expired_while_nobody_was_there_is_made_anew) {
    auto& first = world.start(false);
    EXPECT_EQ(token_of(first), "access-1");
    world.kill(first);
    world.pass(48h);
    EXPECT_EQ(token_of(world.start(false)), "access-2");
}

TEST_F(Unattended, failure_of_ones_own_is_told_at_once_and_holds_nobody_else) {
    world.provider.mood = Mood::finds_nothing;
    auto& first = world.start(false);
    const auto before = world.clock.now().boot;
    EXPECT_EQ(token_of(first), "error: work: it is not there");
    EXPECT_EQ(world.clock.now().boot, before);
    EXPECT_EQ(world.journals.at(World::id()).not_before, std::nullopt);
    EXPECT_EQ(world.journals.at(World::id()).intent, std::nullopt);
    world.provider.mood = Mood::answers;
    EXPECT_EQ(token_of(world.start(false)), "access-1");
    EXPECT_EQ(token_of(first), "access-1");
}

TEST_F(Unattended, failure_of_ones_own_tells_its_next_step_each_time_and_is_over_when_mended) {
    world.provider.mood = Mood::finds_nothing;
    auto& agent = world.start();
    for (int i = 0; i < 3; ++i) {
        const auto answer = world.ask(agent);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().remedy, Remedy::failed);
        EXPECT_EQ(answer.error().hint, "put it there");
    }
    EXPECT_LE(world.provider.renewals, 3);
    world.provider.mood = Mood::answers;
    EXPECT_EQ(token_of(agent), "access-1");
}

TEST_F(Unattended,
       failure_of_ones_own_takes_no_working_token_away_and_is_not_repeated_without_end) {
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "access-1");
    world.provider.mood = Mood::finds_nothing;
    world.pass(56min);
    EXPECT_EQ(token_of(agent), "access-1");
    EXPECT_GE(world.provider.renewals, 2);
    EXPECT_LE(world.provider.renewals, 5);
    world.provider.mood = Mood::answers;
    world.pass(63s);
    EXPECT_EQ(token_of(agent), "access-2");
}

TEST_F(Unattended, failure_of_ones_own_is_over_when_what_was_missing_is_given) {
    world.provider.mood = Mood::finds_nothing;
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "error: work: it is not there");
    world.provider.mood = Mood::answers;
    agent.engine().material_given(World::id());
    EXPECT_EQ(token_of(agent), "access-1");
}

TEST_F(Unattended, refusal_is_told_at_once_and_holds_every_process_for_a_minute) {
    world.provider.mood = Mood::refuses_client;
    auto& first = world.start(false);
    auto& second = world.start(false);
    EXPECT_EQ(token_of(first), "error: work: it was refused");
    EXPECT_EQ(token_of(second), "error: work: it was refused");
    EXPECT_EQ(world.ask(first).error().hint, "put it there");
    EXPECT_EQ(world.provider.renewals, 1);
    world.provider.mood = Mood::answers;
    world.pass(61s);
    EXPECT_EQ(token_of(second), "access-1");
    EXPECT_EQ(world.provider.renewals, 2);
}

TEST_F(Unattended, session_is_made_as_soon_as_the_provider_answers_while_somebody_waits) {
    world.provider.mood = Mood::unavailable;
    auto& once = world.start(false);
    const auto answer = once.begin_ask();
    world.settle();
    EXPECT_FALSE(*answer);
    world.provider.mood = Mood::answers;
    world.pass(9s);
    ASSERT_TRUE(*answer && **answer);
    EXPECT_EQ((**answer).value()->token().reveal(), "access-1");
}

TEST_F(Unattended, session_whose_making_was_cut_off_by_a_crash_is_made_by_the_next_process) {
    auto& first = world.start(false);
    (void)first.begin_ask();
    while (world.provider.renewals == 0) ASSERT_TRUE(world.step(first));
    world.kill(first);
    EXPECT_EQ(token_of(world.start(false)), "access-2");
}

TEST_F(Unattended, session_is_served_from_memory_when_the_store_does_not_take_it) {
    world.save_fails =
        stores::StoreError{stores::Fault::unavailable, {Remedy::store_locked, "gone", ""}};
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "access-1");
    world.save_fails.reset();
    world.pass(1min);
    EXPECT_EQ(world.stored().access_token.reveal(), "access-1");
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Unattended, session_stays_away_after_a_sign_out_until_somebody_asks) {
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "access-1");
    const auto lineage = world.stored().version.lineage;
    agent.engine().sign_out(World::id(), [](const Result<>& done) { EXPECT_TRUE(done); });
    world.settle();
    world.pass(3h);
    EXPECT_TRUE(world.documents.empty());
    EXPECT_EQ(world.provider.renewals, 1);
    EXPECT_EQ(token_of(agent), "access-2");
    EXPECT_NE(world.stored().version.lineage, lineage);
}

TEST_F(Unattended, profile_without_it_still_needs_a_person) {
    world.provider.alone = false;
    EXPECT_EQ(world.ask(world.start()).error().remedy, Remedy::sign_in);
    EXPECT_EQ(world.provider.renewals, 0);
}

TEST_F(Unattended, session_is_made_anew_once_what_it_is_made_of_has_changed) {
    world.provider.made_of = "one";
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "access-1");
    EXPECT_EQ(token_of(agent), "access-1");
    world.provider.made_of = "two";
    EXPECT_EQ(agent.engine().warm(World::id()), nullptr);
    EXPECT_EQ(token_of(agent), "access-2");
    EXPECT_NE(agent.engine().warm(World::id()), nullptr);
    EXPECT_EQ(token_of(agent), "access-2");
}

TEST_F(Unattended, session_of_what_has_changed_meanwhile_is_not_handed_out_by_the_next_process) {
    world.provider.made_of = "one";
    auto& first = world.start(false);
    EXPECT_EQ(token_of(first), "access-1");
    world.kill(first);
    world.provider.made_of = "two";
    EXPECT_EQ(token_of(world.start(false)), "access-2");
}

TEST_F(Unattended, session_of_what_is_broken_now_is_not_handed_out_and_the_error_is_told) {
    world.provider.made_of = "one";
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "access-1");
    world.provider.made_of = "broken";
    world.provider.mood = Mood::finds_nothing;
    EXPECT_EQ(token_of(agent), "error: work: it is not there");
    EXPECT_EQ(token_of(agent), "error: work: it is not there");
}

TEST_F(Unattended, change_of_what_it_is_made_of_ends_the_wait_after_a_refusal) {
    world.provider.made_of = "one";
    world.provider.mood = Mood::refuses_client;
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "error: work: it was refused");
    EXPECT_EQ(token_of(agent), "error: work: it was refused");
    EXPECT_EQ(world.provider.renewals, 1);
    world.provider.mood = Mood::answers;
    world.provider.made_of = "two";
    EXPECT_EQ(token_of(agent), "access-1");
}

TEST_F(Unattended, credential_that_is_wanted_anew_is_got_whatever_is_there_and_failed_before) {
    auto& agent = world.start();
    EXPECT_EQ(token_of(agent), "access-1");
    const auto anew = world.ask(agent, {.anew = true});
    ASSERT_TRUE(anew);
    EXPECT_EQ((*anew)->token().reveal(), "access-2");
    world.provider.mood = Mood::refuses_client;
    EXPECT_FALSE(world.ask(agent, {.anew = true}));
    world.provider.mood = Mood::answers;
    const auto mended = world.ask(agent, {.anew = true});
    ASSERT_TRUE(mended);
    EXPECT_EQ((*mended)->token().reveal(), "access-3");
}

}  // namespace
}  // namespace hearth::testing
