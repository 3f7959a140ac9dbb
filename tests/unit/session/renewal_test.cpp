#include <gtest/gtest.h>

#include "session/codec.hpp"
#include "support/world.hpp"

namespace hearth::testing {
namespace {

using namespace std::chrono_literals;
using Mood = FakeProvider::Mood;
using session::State;

class Renewal : public ::testing::Test {
  protected:
    World world;

    World::Process& signed_in_agent() {
        auto& agent = world.start();
        world.settle();
        world.sign_in(agent);
        return agent;
    }
    State state_of(World::Process& process) { return process.engine().status(World::id())->state; }
    std::string token_of(World::Process& process) {
        const auto answer = world.ask(process);
        return answer ? std::string((*answer)->token().reveal()) : "error: " + answer.error().what;
    }
};

TEST_F(Renewal, happens_at_most_a_tenth_earlier_than_five_minutes_before_expiry) {
    signed_in_agent();
    world.pass(54min + 29s);
    EXPECT_EQ(world.provider.renewals, 0);
    world.pass(32s);
    EXPECT_EQ(world.provider.renewals, 1);
    EXPECT_EQ(world.stored().version.counter, 2U);
}

TEST_F(Renewal, of_a_short_lived_token_happens_at_half_of_its_life) {
    world.provider.lifetime = 40s;
    signed_in_agent();
    world.pass(17s);
    EXPECT_EQ(world.provider.renewals, 0);
    world.pass(3s);
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Renewal, goes_on_for_days) {
    auto& agent = signed_in_agent();
    for (int hour = 0; hour < 72; ++hour) {
        world.pass(1h);
        EXPECT_TRUE(token_of(agent).starts_with("access-"));
    }
    EXPECT_GE(world.provider.renewals, 72);
    EXPECT_LE(world.provider.renewals, 82);
    EXPECT_FALSE(world.provider.family_revoked);
}

TEST_F(Renewal, is_made_by_the_caller_when_nobody_keeps_the_session) {
    auto& agent = signed_in_agent();
    world.kill(agent);
    world.pass(2h);
    auto& once = world.start(false);
    EXPECT_EQ(token_of(once), "access-2");
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Renewal, behind_the_callers_back_is_started_past_the_lead_without_an_agent) {
    auto& agent = signed_in_agent();
    world.kill(agent);
    world.pass(57min);
    auto& once = world.start(false);
    world.settle();
    const auto answer = once.begin_ask();
    world.settle();
    EXPECT_EQ((**answer).value()->token().reveal(), "access-1");
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Renewal, fifty_processes_on_one_expired_session_send_one_request) {
    auto& agent = signed_in_agent();
    world.kill(agent);
    world.pass(2h);
    std::vector<std::shared_ptr<std::optional<Result<CredentialPtr>>>> answers;
    for (int i = 0; i < 50; ++i) answers.push_back(world.start(false).begin_ask());
    world.pass(9s);
    for (const auto& answer : answers) {
        ASSERT_TRUE(answer->has_value());
        ASSERT_TRUE((*answer)->has_value()) << (*answer)->error().what;
        EXPECT_EQ((***answer)->token().reveal(), "access-2");
    }
    EXPECT_EQ(world.provider.renewals, 1);
    EXPECT_FALSE(world.provider.family_revoked);
}

TEST_F(Renewal, by_one_agent_is_adopted_by_the_others) {
    auto& first = signed_in_agent();
    auto& second = world.start();
    world.settle();
    world.pass(56min);
    EXPECT_EQ(world.provider.renewals, 1);
    EXPECT_EQ(token_of(first), "access-2");
    EXPECT_EQ(token_of(second), "access-2");
}

TEST_F(Renewal, that_fails_leaves_the_working_token_in_use) {
    auto& agent = signed_in_agent();
    world.provider.mood = Mood::unavailable;
    world.pass(58min);
    EXPECT_GT(world.provider.renewals, 1);
    EXPECT_EQ(token_of(agent), "access-1");
    world.provider.mood = Mood::answers;
    world.pass(5min);
    EXPECT_EQ(token_of(agent), "access-2");
}

TEST_F(Renewal, an_expired_token_is_never_handed_out) {
    auto& agent = signed_in_agent();
    world.provider.mood = Mood::unavailable;
    world.pass(61min);
    const auto answer = world.ask(agent);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::unreachable);
}

TEST_F(Renewal, failures_back_off) {
    signed_in_agent();
    world.provider.mood = Mood::unavailable;
    world.pass(24h);
    // Windows double to five minutes; full jitter halves them on average.
    EXPECT_LT(world.provider.renewals, 24 * 60);
    EXPECT_GT(world.provider.renewals, 24 * 6);
}

TEST_F(Renewal, failures_of_one_process_hold_back_the_others) {
    auto& agent = signed_in_agent();
    world.kill(agent);
    world.pass(2h);
    world.provider.mood = Mood::unavailable;
    world.provider.retry_after = 10min;
    for (int i = 0; i < 20; ++i) {
        EXPECT_FALSE(world.ask(world.start(false)));
    }
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Renewal, one_failure_is_enough_for_processes_that_all_wait_for_the_lock) {
    auto& agent = signed_in_agent();
    world.kill(agent);
    world.pass(2h);
    world.provider.mood = Mood::unavailable;
    world.provider.retry_after = 10min;
    std::vector<std::shared_ptr<std::optional<Result<CredentialPtr>>>> answers;
    std::vector<World::Process*> processes;
    for (int i = 0; i < 20; ++i) {
        processes.push_back(&world.start(false));
        answers.push_back(processes.back()->begin_ask());
    }
    // All of them have read the store and want the lock before the first one has failed.
    for (int round = 0; round < 3; ++round) {
        for (auto* process : processes) world.step(*process);
    }
    world.pass(9s);
    for (const auto& answer : answers) {
        ASSERT_TRUE(answer->has_value());
        EXPECT_FALSE((*answer)->has_value());
    }
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Renewal, retry_after_is_honoured) {
    signed_in_agent();
    world.provider.mood = Mood::unavailable;
    world.provider.retry_after = 30min;
    world.pass(55min + 29min);
    EXPECT_EQ(world.provider.renewals, 1);
    world.pass(3min);
    EXPECT_EQ(world.provider.renewals, 2);
}

TEST_F(Renewal, what_cannot_succeed_is_not_tried_again_soon) {
    signed_in_agent();
    world.provider.mood = Mood::refuses_client;
    world.pass(59min);
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Renewal, an_answer_that_never_came_is_retried_once_with_the_old_token) {
    world.provider.leeway = 1;
    auto& agent = signed_in_agent();
    world.provider.mood = Mood::drops_after;
    world.clock.advance(56min);
    // The first answer is lost; the server is well again before the second request.
    while (world.provider.renewals == 0) ASSERT_TRUE(world.step(agent));
    world.provider.mood = Mood::answers;
    world.settle();
    EXPECT_EQ(world.provider.renewals, 2);
    EXPECT_EQ(token_of(agent), "access-3");
}

TEST_F(Renewal, a_lost_answer_that_the_server_does_not_forgive_needs_a_sign_in_and_says_why) {
    auto& agent = signed_in_agent();
    world.provider.mood = Mood::drops_after;
    world.clock.advance(61min);
    while (world.provider.renewals == 0) ASSERT_TRUE(world.step(agent));
    world.provider.mood = Mood::answers;
    world.settle();
    const auto answer = world.ask(agent);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::sign_in);
    EXPECT_NE(answer.error().what.find("answer never arrived"), std::string::npos);
    EXPECT_EQ(answer.error().hint, "hearth login work");
    EXPECT_TRUE(world.documents.contains(World::id())) << "nothing is erased";
}

TEST_F(Renewal, invalid_grant_after_somebody_else_renewed_is_not_a_sign_out) {
    auto& agent = signed_in_agent();
    world.clock.advance(56min);
    while (!world.journals[World::id()].intent) ASSERT_TRUE(world.step(agent));
    // The store moves on while the request is on its way, as by a process that knows no lock.
    auto newer = world.stored();
    newer.version.counter = 7;
    newer.access_token = Secret("access-elsewhere");
    newer.lifespan = Lifespan{world.clock.now(), 1h};
    world.documents[World::id()] = session::encode(newer).reveal();
    world.provider.family_revoked = true;
    world.settle();
    EXPECT_EQ(world.provider.renewals, 1);
    EXPECT_EQ(token_of(agent), "access-elsewhere");
    EXPECT_EQ(state_of(agent), State::fresh);
}

TEST_F(Renewal, invalid_grant_is_remembered_for_other_processes) {
    auto& agent = signed_in_agent();
    world.provider.family_revoked = true;
    world.pass(2h);
    EXPECT_EQ(world.provider.renewals, 1);
    EXPECT_EQ(state_of(agent), State::sign_in_needed);
    const auto answer = world.ask(world.start(false));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::sign_in);
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Renewal, the_token_is_used_to_its_end_when_the_grant_is_dead) {
    auto& agent = signed_in_agent();
    world.provider.family_revoked = true;
    world.pass(57min);
    EXPECT_EQ(state_of(agent), State::sign_in_needed);
    EXPECT_EQ(token_of(agent), "access-1");
}

TEST_F(Renewal, a_sign_in_mends_a_dead_grant) {
    auto& agent = signed_in_agent();
    world.provider.family_revoked = true;
    world.pass(2h);
    world.sign_in(agent);
    EXPECT_EQ(token_of(agent), "access-2");
    EXPECT_EQ(state_of(agent), State::fresh);
}

TEST_F(Renewal, a_store_that_does_not_take_the_result_is_tried_again_under_the_lock) {
    auto& agent = signed_in_agent();
    world.save_fails =
        stores::StoreError{stores::Fault::full, {Remedy::failed, "no space left", ""}};
    world.pass(56min);
    EXPECT_EQ(token_of(agent), "access-2") << "served from memory";
    EXPECT_EQ(world.stored().version.counter, 1U);
    EXPECT_EQ(state_of(agent), State::store_unavailable);
    auto& other = world.start(false);
    const auto answer = world.ask(other);
    EXPECT_EQ(world.provider.renewals, 1) << "the lock keeps others from spending the old token";
    world.save_fails.reset();
    world.pass(1min);
    EXPECT_EQ(world.stored().version.counter, 2U);
    EXPECT_EQ(token_of(other), "access-2");
}

TEST_F(Renewal, a_store_that_stays_shut_for_hours_loses_nothing) {
    auto& agent = signed_in_agent();
    world.save_fails =
        stores::StoreError{stores::Fault::locked, {Remedy::store_locked, "locked", ""}};
    world.pass(5h);
    EXPECT_GE(world.provider.renewals, 5);
    EXPECT_TRUE(token_of(agent).starts_with("access-"));
    world.save_fails.reset();
    world.pass(1min);
    EXPECT_EQ(world.stored().access_token.reveal(), token_of(agent));
    EXPECT_FALSE(world.provider.family_revoked);
}

TEST_F(Renewal, a_dead_keychain_takes_no_working_credential_away) {
    auto& agent = signed_in_agent();
    world.load_fails =
        stores::StoreError{stores::Fault::unavailable, {Remedy::store_locked, "no keychain", ""}};
    world.pass(57min);
    EXPECT_EQ(token_of(agent), "access-1");
    EXPECT_EQ(world.provider.renewals, 0) << "what cannot be compared is not spent";
    world.load_fails.reset();
    world.pass(1min);
    EXPECT_EQ(token_of(agent), "access-2");
}

TEST_F(Renewal, no_intent_no_request) {
    signed_in_agent();
    world.journal_fails = Error{Remedy::failed, "read-only", ""};
    world.pass(59min);
    EXPECT_EQ(world.provider.renewals, 0);
    world.journal_fails.reset();
    world.pass(30s);
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Renewal, a_kill_between_answer_and_save_that_the_server_does_not_forgive_says_why) {
    auto& agent = signed_in_agent();
    world.clock.advance(61min);
    while (world.provider.renewals == 0) ASSERT_TRUE(world.step(agent));
    world.kill(agent);
    const auto answer = world.ask(world.start(false));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::sign_in);
    EXPECT_NE(answer.error().what.find("answer never arrived"), std::string::npos);
    EXPECT_EQ(world.provider.renewals, 2) << "the old token is tried once more, and not again";
    EXPECT_TRUE(world.documents.contains(World::id()));
}

// Kills the renewing process after each of its steps in turn; the next one must carry on.
TEST_F(Renewal, survives_a_kill_after_any_step) {
    for (int steps = 0; steps < 40; ++steps) {
        World one;
        one.provider.leeway = 1;
        auto& agent = one.start();
        one.settle();
        one.sign_in(agent);
        one.clock.advance(61min);
        for (int i = 0; i < steps; ++i) one.step(agent);
        one.kill(agent);
        auto& next = one.start(false);
        const auto answer = one.ask(next);
        ASSERT_TRUE(answer) << "killed after " << steps << " steps: " << answer.error().what;
        EXPECT_GT((*answer)->expires_at(), one.clock.now().wall) << steps;
        EXPECT_LE(one.provider.renewals, 2) << steps;
    }
}

}  // namespace
}  // namespace hearth::testing
