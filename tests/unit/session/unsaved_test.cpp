// What the store did not take is kept under the lock until it is saved, whatever comes between.
#include <gtest/gtest.h>

#include "session/machine.hpp"
#include "support/world.hpp"

namespace hearth::testing {
namespace {

using namespace std::chrono_literals;
using session::State;
using session::Unsaved;

class UnsavedSession : public ::testing::Test {
  protected:
    World world;

    static stores::StoreError shut() {
        return {stores::Fault::locked, {Remedy::store_locked, "locked", ""}};
    }
    // Its first token has expired; the second one and what renews it are in its memory only.
    World::Process& agent_with_unsaved_session() {
        auto& agent = world.start();
        world.settle();
        world.sign_in(agent);
        world.save_fails = shut();
        world.pass(61min);
        EXPECT_EQ(world.provider.renewals, 1);
        world.when_busy = [this, &agent] {
            while (world.step(agent)) {
            }
        };
        return agent;
    }
    Result<> sign_out(World::Process& process) {
        std::optional<Result<>> result;
        process.engine().sign_out(World::id(), [&](Result<> done) { result = std::move(done); });
        world.settle();
        return result.value();
    }
    Result<session::SignedIn> sign_in(World::Process& process) {
        std::optional<Result<session::SignedIn>> result;
        const auto ticket = process.engine().sign_in(
            World::id(), {}, std::make_shared<SilentPerson>(),
            [&](Result<session::SignedIn> done) { result = std::move(done); });
        world.settle();
        return result.value();
    }
    std::string token_of(World::Process& process) {
        const auto answer = world.ask(process);
        return answer ? std::string((*answer)->token().reveal()) : "error: " + answer.error().what;
    }
};

TEST_F(UnsavedSession, is_still_under_the_lock_when_a_sign_out_has_failed) {
    auto& agent = agent_with_unsaved_session();
    world.load_fails = shut();
    EXPECT_FALSE(sign_out(agent));
    world.load_fails.reset();
    (void)world.ask(world.start(false));
    EXPECT_EQ(world.provider.renewals, 1) << "the old token is spent, and nobody else may send it";
    world.save_fails.reset();
    world.pass(1min);
    EXPECT_EQ(world.stored().version.counter, 2U);
    EXPECT_EQ(token_of(world.start(false)), "access-2");
}

TEST_F(UnsavedSession, makes_room_for_a_sign_out_and_does_not_come_back) {
    auto& agent = agent_with_unsaved_session();
    world.save_fails.reset();
    EXPECT_TRUE(sign_out(agent));
    EXPECT_EQ(agent.engine().status(World::id())->state, State::signed_out);
    world.pass(5min);
    EXPECT_FALSE(world.documents.contains(World::id()));
    EXPECT_TRUE(sign_in(world.start(false))) << "the lock is free";
}

TEST_F(UnsavedSession, makes_room_for_a_sign_in) {
    auto& agent = agent_with_unsaved_session();
    world.save_fails.reset();
    ASSERT_TRUE(sign_in(agent));
    EXPECT_EQ(token_of(agent), "access-3");
    world.pass(5min);
    EXPECT_EQ(world.stored().access_token.reveal(), "access-3");
}

TEST_F(UnsavedSession, is_saved_although_its_profile_was_removed) {
    auto& agent = agent_with_unsaved_session();
    agent.engine().configure({});
    (void)world.ask(world.start(false));
    EXPECT_EQ(world.provider.renewals, 1);
    EXPECT_TRUE(agent.engine().busy());
    world.save_fails.reset();
    world.pass(1min);
    EXPECT_EQ(world.stored().version.counter, 2U);
    EXPECT_FALSE(agent.engine().busy());
}

TEST_F(UnsavedSession, is_found_again_by_a_profile_that_comes_back) {
    auto& agent = agent_with_unsaved_session();
    agent.engine().configure({});
    agent.engine().configure(world.settings);
    EXPECT_EQ(token_of(agent), "access-2");
}

TEST_F(UnsavedSession, that_needs_a_person_says_so_for_what_is_still_stored) {
    agent_with_unsaved_session();
    world.provider.family_revoked = true;
    world.pass(1h);
    ASSERT_EQ(world.provider.renewals, 2);
    ASSERT_TRUE(world.journals[World::id()].sign_in_needed);
    const auto answer = world.ask(world.start(false));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::sign_in);
    EXPECT_EQ(world.provider.renewals, 2) << "what is stored was spent before";
}

TEST_F(UnsavedSession, is_not_saved_unseen_when_its_lock_was_lent) {
    session::Machine machine;
    const auto kept = std::make_shared<const Session>();
    auto other = std::make_shared<Session>();
    other->version = {"another sign-in", 1};
    machine.stage = Unsaved{
        .session = kept, .retry_at = world.clock.now().boot, .lock = Unsaved::Custody::lent};
    auto turn = session::after(std::move(machine), session::LockReturned{}, world.clock.now(), 0);
    ASSERT_TRUE(std::holds_alternative<session::Reload>(turn.effects.at(0)));
    // Nor when that cannot be found out at once.
    turn = session::after(std::move(turn.machine), session::Reloaded{{.found = shut()}},
                          world.clock.now(), 0);
    EXPECT_TRUE(turn.effects.empty());
    world.clock.advance(*turn.machine.wake() - world.clock.now().boot);
    turn = session::after(std::move(turn.machine), session::Ticked{}, world.clock.now(), 0);
    ASSERT_TRUE(std::holds_alternative<session::Reload>(turn.effects.at(0)));
    turn = session::after(std::move(turn.machine), session::Reloaded{{.found = SessionPtr(other)}},
                          world.clock.now(), 0);
    ASSERT_TRUE(std::holds_alternative<session::Unlock>(turn.effects.at(0)));
    EXPECT_EQ(turn.machine.session(), other);
}

TEST_F(UnsavedSession, is_not_displaced_by_a_sign_in_that_had_the_lock_before) {
    session::Machine machine;
    const auto kept = std::make_shared<const Session>();
    machine.stage = Unsaved{.session = kept};
    const auto turn =
        session::after(std::move(machine), session::Replaced{std::make_shared<const Session>(), {}},
                       world.clock.now(), 0);
    EXPECT_TRUE(std::holds_alternative<Unsaved>(turn.machine.stage));
    EXPECT_EQ(turn.machine.session(), kept);
    EXPECT_TRUE(turn.effects.empty());
}

}  // namespace
}  // namespace hearth::testing
