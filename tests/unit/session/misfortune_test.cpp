// What the simulation has brought to light, each as small as it gets.
#include <gtest/gtest.h>

#include "session/machine.hpp"
#include "support/world.hpp"

namespace hearth::testing {
namespace {

using namespace std::chrono_literals;
using Mood = FakeProvider::Mood;
using session::State;

class Misfortune : public ::testing::Test {
  protected:
    World world;

    World::Process& signed_in_agent() {
        auto& agent = world.start();
        world.settle();
        world.sign_in(agent);
        return agent;
    }
    Result<session::SignedIn> sign_in(World::Process& process) {
        std::optional<Result<session::SignedIn>> result;
        const auto ticket = process.engine().sign_in(
            World::id(), {}, std::make_shared<SilentPerson>(),
            [&](Result<session::SignedIn> done) { result = std::move(done); });
        world.settle();
        return result.value();
    }
    Result<CredentialPtr> reject(World::Process& process, std::string_view token) {
        std::optional<Result<CredentialPtr>> result;
        const auto ticket = process.engine().rejected(
            World::id(), Secret(token), {},
            [&](Result<CredentialPtr> done) { result = std::move(done); });
        world.settle();
        return result.value();
    }
    Session expired() {
        Session session;
        session.lifespan = Lifespan{world.clock.now(), 0s};
        return session;
    }
    static stores::StoreError shut() {
        return {stores::Fault::locked, {Remedy::store_locked, "locked", ""}};
    }
};

TEST_F(Misfortune, a_new_sign_in_is_not_undone_by_the_end_of_the_one_before) {
    auto& agent = signed_in_agent();
    world.provider.family_revoked = true;
    world.pass(2h);
    EXPECT_EQ(agent.engine().status(World::id())->state, State::sign_in_needed);
    // The journal goes on saying that a person is needed.
    world.journal_fails = Error{Remedy::failed, "no space left", ""};
    ASSERT_TRUE(sign_in(agent));
    world.journal_fails.reset();
    world.provider.mood = Mood::unavailable;
    world.pass(57min);
    EXPECT_GT(world.provider.renewals, 1);
    world.provider.mood = Mood::answers;
    const auto answer = world.ask(world.start(false));
    ASSERT_TRUE(answer) << answer.error().what;
}

TEST_F(Misfortune, a_journal_that_cannot_be_read_is_not_taken_for_an_empty_one) {
    world.kill(signed_in_agent());
    world.pass(2h);
    world.provider.mood = Mood::unavailable;
    world.provider.retry_after = 10min;
    EXPECT_FALSE(world.ask(world.start(false)));
    ASSERT_EQ(world.provider.renewals, 1);
    world.journal_unreadable = Error{Remedy::failed, "too many open files", ""};
    EXPECT_FALSE(world.ask(world.start(false)));
    EXPECT_EQ(world.provider.renewals, 1) << "nobody knows how long to leave the server alone";
}

TEST_F(Misfortune, what_could_not_be_saved_is_not_renewed_before_the_server_wants_it) {
    signed_in_agent();
    world.save_fails = shut();
    world.pass(56min);
    ASSERT_EQ(world.provider.renewals, 1);
    world.provider.mood = Mood::unavailable;
    world.provider.retry_after = 30min;
    world.pass(75min);
    EXPECT_EQ(world.provider.renewals, 2);
    // Nor does it help that it is saved meanwhile.
    world.save_fails.reset();
    world.pass(2min);
    EXPECT_EQ(world.provider.renewals, 2);
}

TEST_F(Misfortune, a_save_that_was_taken_too_late_to_be_told_is_not_revoked) {
    auto& agent = world.start();
    world.settle();
    world.save_lands_unseen = true;
    EXPECT_TRUE(sign_in(agent));
    EXPECT_EQ(world.provider.revocations, 0);
    world.save_lands_unseen = false;
    EXPECT_TRUE(world.ask(world.start(false)));
}

TEST_F(Misfortune, a_sign_in_that_cannot_begin_does_not_free_the_lock_of_what_is_not_saved) {
    auto& agent = signed_in_agent();
    world.save_fails = shut();
    world.pass(61min);
    ASSERT_EQ(world.provider.renewals, 1);
    EXPECT_FALSE(sign_in(agent));
    (void)world.ask(world.start(false));
    EXPECT_EQ(world.provider.renewals, 1) << "the old token is spent, and nobody else may send it";
    EXPECT_FALSE(world.provider.family_revoked);
}

TEST_F(Misfortune, a_profile_does_not_wait_for_the_floor_of_another_that_shares_its_session) {
    const auto other = *Name::parse("other");
    Profile demanding{.name = other, .session = World::id(), .provider = "fake"};
    demanding.renewal.min_remaining = 14min;
    world.settings.profiles.emplace(other, std::make_shared<const Profile>(demanding));
    auto& agent = signed_in_agent();
    world.provider.mood = Mood::unavailable;
    world.pass(57min);
    const auto answer = agent.begin_ask();
    world.settle();
    ASSERT_TRUE(answer->has_value());
    EXPECT_TRUE((*answer)->has_value());
}

TEST_F(Misfortune, what_cannot_be_renewed_is_looked_up_before_a_person_is_asked) {
    world.provider.renewable = false;
    auto& agent = signed_in_agent();
    world.pass(61min);
    // Somebody signs in, and the agent is not told.
    world.provider.renewable = true;
    world.untold = true;
    world.sign_in(world.start(false));
    const auto answer = world.ask(agent);
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ((*answer)->token().reveal(), "access-2");
}

TEST_F(Misfortune, a_store_that_answers_slowly_is_not_a_sign_out) {
    session::Machine machine;
    machine.stage = session::SignedOut{};
    const Moment now = world.clock.now();
    auto turn = session::after(std::move(machine),
                               session::Asked{{.id = 1, .deadline = now.boot + 1s}}, now, 0);
    ASSERT_TRUE(turn.machine.peeking);
    world.clock.advance(1s);
    turn = session::after(std::move(turn.machine), session::Ticked{}, world.clock.now(), 0);
    ASSERT_EQ(turn.effects.size(), 1U);
    const auto& answer = std::get<session::Answer>(turn.effects.front());
    EXPECT_EQ(std::get<Error>(answer.with).remedy, Remedy::store_locked);
}

TEST_F(Misfortune, a_store_that_answers_slowly_is_not_a_need_to_sign_in) {
    session::Machine machine;
    machine.stage = session::SignInNeeded{std::make_shared<const Session>(expired()),
                                          {Remedy::sign_in, "refused", ""}};
    const Moment now = world.clock.now();
    auto turn = session::after(std::move(machine),
                               session::Asked{{.id = 1, .deadline = now.boot + 1s}}, now, 0);
    ASSERT_TRUE(turn.machine.peeking);
    world.clock.advance(1s);
    turn = session::after(std::move(turn.machine), session::Ticked{}, world.clock.now(), 0);
    ASSERT_EQ(turn.effects.size(), 1U);
    const auto& answer = std::get<session::Answer>(turn.effects.front());
    EXPECT_EQ(std::get<Error>(answer.with).remedy, Remedy::store_locked);
}

TEST_F(Misfortune, who_knows_of_a_need_to_sign_in_is_told_at_once_that_the_store_is_shut) {
    auto& agent = signed_in_agent();
    world.provider.family_revoked = true;
    world.pass(2h);
    ASSERT_EQ(agent.engine().status(World::id())->state, State::sign_in_needed);
    world.load_fails = shut();
    const auto answer = agent.begin_ask();
    world.settle();
    ASSERT_TRUE(answer->has_value());
    EXPECT_EQ((*answer)->error().remedy, Remedy::store_locked);
}

TEST_F(Misfortune, a_rejected_token_that_cannot_be_renewed_is_looked_up_before_a_person_is_asked) {
    world.provider.renewable = false;
    auto& agent = signed_in_agent();
    world.pass(5min);
    world.provider.renewable = true;
    world.untold = true;
    world.sign_in(world.start(false));
    const auto answer = reject(agent, "access-1");
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ((*answer)->token().reveal(), "access-2");
    EXPECT_EQ(world.provider.renewals, 0);
}

TEST_F(Misfortune, a_young_token_that_is_rejected_is_looked_up_before_it_is_given_up) {
    auto& agent = signed_in_agent();
    world.untold = true;
    world.sign_in(world.start(false));
    const auto answer = reject(agent, "access-1");
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ((*answer)->token().reveal(), "access-2");
    EXPECT_EQ(reject(agent, "access-2").error().remedy, Remedy::failed);
    EXPECT_EQ(world.provider.renewals, 0);
}

TEST_F(Misfortune, a_rejected_token_is_not_given_up_while_the_store_has_not_answered) {
    session::Machine machine;
    machine.stage = session::Resting{.session = std::make_shared<const Session>()};
    const Moment now = world.clock.now();
    auto turn = session::after(
        std::move(machine),
        session::Asked{{.id = 1, .deadline = now.boot + 10s, .not_version = Version{}}}, now, 0);
    ASSERT_TRUE(turn.machine.peeking);
    turn = session::after(std::move(turn.machine), session::Ticked{}, now, 0);
    EXPECT_TRUE(turn.effects.empty());
    EXPECT_EQ(turn.machine.waiters.size(), 1U);
}

}  // namespace
}  // namespace hearth::testing
