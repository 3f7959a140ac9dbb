#include <gtest/gtest.h>

#include "session/codec.hpp"
#include "session/publication.hpp"
#include "support/world.hpp"

namespace hearth::testing {
namespace {

using namespace std::chrono_literals;
using Mood = FakeProvider::Mood;
using session::Demand;
using session::State;

class Lifecycle : public ::testing::Test {
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
    Result<> sign_out(World::Process& process) {
        std::optional<Result<>> result;
        process.engine().sign_out(World::id(), [&](Result<> done) { result = std::move(done); });
        world.settle();
        for (int i = 0; i < 100 && !result; ++i) world.pass(200ms);
        return result.value();
    }
    Result<session::SignedIn> sign_in(World::Process& process,
                                      session::SignInRequest request = {}) {
        std::optional<Result<session::SignedIn>> result;
        const auto ticket = process.engine().sign_in(
            World::id(), std::move(request), std::make_shared<SilentPerson>(),
            [&](Result<session::SignedIn> done) { result = std::move(done); });
        world.settle();
        return result.value();
    }
    Result<CredentialPtr> reject(World::Process& process, std::string_view token) {
        std::optional<Result<CredentialPtr>> result;
        const auto ticket = process.engine().rejected(
            World::id(), Secret(token), Demand{},
            [&](Result<CredentialPtr> done) { result = std::move(done); });
        world.settle();
        for (int i = 0; i < 100 && !result; ++i) world.pass(200ms);
        return result.value();
    }
};

TEST_F(Lifecycle, a_rejected_token_is_not_handed_out_again_by_who_had_not_read_it_yet) {
    auto& agent = signed_in_agent();
    const auto token = token_of(agent);
    const auto young = reject(world.start(), token);
    ASSERT_FALSE(young);
    EXPECT_EQ(young.error().remedy, Remedy::failed);
    world.pass(2min);
    const auto newer = reject(world.start(), token);
    ASSERT_TRUE(newer) << newer.error().what;
    EXPECT_NE((*newer)->token().reveal(), token);
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Lifecycle, subscribers_are_told_of_the_rejection_of_a_token_that_counts) {
    auto& agent = signed_in_agent();
    int told = 0;
    const auto subscription = agent.engine().subscribe([&](const session::Event& event) {
        if (event.kind == session::Event::Kind::rejected) ++told;
    });
    const auto token = token_of(agent);
    world.pass(2min);
    ASSERT_TRUE(reject(agent, token));
    EXPECT_EQ(told, 1);
    ASSERT_TRUE(reject(agent, token)) << "it is an old one by now";
    EXPECT_EQ(told, 1);
}

TEST_F(Lifecycle, subscribers_are_told_of_a_sign_out_by_who_had_not_read_the_session_yet) {
    signed_in_agent();
    world.load_fails = stores::StoreError{stores::Fault::timed_out, Error{}};
    auto& process = world.start();
    world.settle();
    world.load_fails.reset();
    int told = 0;
    const auto subscription = process.engine().subscribe([&](const session::Event& event) {
        if (event.kind == session::Event::Kind::signed_out) ++told;
    });
    ASSERT_EQ(state_of(process), State::store_unavailable);
    ASSERT_TRUE(sign_out(process));
    EXPECT_EQ(told, 1);
}

TEST_F(Lifecycle, a_given_token_is_handed_out_instead_of_the_session) {
    signed_in_agent();
    auto& process = world.start();
    process.engine().give(*sources::find("HEARTH_TOKEN_FD"), Secret("given"));
    world.settle();
    EXPECT_EQ(token_of(process), "given");
    EXPECT_EQ(process.engine().warm(World::id())->token().reveal(), "given");
    EXPECT_EQ(process.engine().publication(World::id())->view().credential->token().reveal(),
              "given");
    EXPECT_EQ(process.engine().status(World::id())->source, "HEARTH_TOKEN_FD");
    EXPECT_EQ(world.stored().version.counter, 1U);
}

TEST_F(Lifecycle, a_given_token_that_was_rejected_is_not_replaced) {
    signed_in_agent();
    auto& process = world.start();
    process.engine().give(*sources::find("HEARTH_TOKEN_FD"), Secret("given"));
    world.settle();
    const auto answer = reject(process, "given");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::refused);
    EXPECT_NE(answer.error().what.find("HEARTH_TOKEN_FD"), std::string::npos);
    EXPECT_EQ(world.provider.renewals, 0);
}

TEST_F(Lifecycle, what_is_given_for_another_provider_is_not_handed_out) {
    signed_in_agent();
    auto& process = world.start();
    process.engine().give(*sources::find("ANTHROPIC_API_KEY"), Secret("given"));
    world.settle();
    EXPECT_NE(token_of(process), "given");
}

TEST_F(Lifecycle, a_session_that_is_not_there_counts_as_loaded) {
    auto& process = world.start();
    bool loaded = false;
    process.engine().when_loaded([&] { loaded = true; });
    world.settle();
    EXPECT_TRUE(loaded);
}

TEST_F(Lifecycle, before_a_sign_in_the_answer_is_the_command_to_type) {
    const auto answer = world.ask(world.start());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::sign_in);
    EXPECT_EQ(answer.error().hint, "hearth login work");
}

TEST_F(Lifecycle, a_profile_that_is_not_there_is_named) {
    auto& agent = world.start();
    std::optional<Result<CredentialPtr>> result;
    const auto ticket = agent.engine().credential(*Name::parse("nobody"), {},
                                                  [&](auto done) { result = std::move(done); });
    world.settle();
    ASSERT_TRUE(result && !*result);
    EXPECT_EQ(result->error().remedy, Remedy::usage);
    EXPECT_NE(result->error().what.find("'nobody'"), std::string::npos);
}

TEST_F(Lifecycle, a_sign_in_in_another_process_is_seen_by_the_agent) {
    auto& agent = world.start();
    world.settle();
    EXPECT_FALSE(world.ask(agent));
    world.sign_in(world.start(false));
    EXPECT_EQ(token_of(agent), "access-1");
}

TEST_F(Lifecycle, a_sign_out_in_another_process_is_seen_by_the_agent) {
    auto& agent = signed_in_agent();
    ASSERT_TRUE(sign_out(world.start(false)));
    EXPECT_EQ(state_of(agent), State::signed_out);
    EXPECT_FALSE(world.ask(agent));
}

TEST_F(Lifecycle, sign_out_revokes_then_erases) {
    auto& agent = signed_in_agent();
    ASSERT_TRUE(sign_out(agent));
    EXPECT_EQ(world.provider.revocations, 1);
    EXPECT_TRUE(world.documents.empty());
}

TEST_F(Lifecycle, sign_out_erases_even_when_the_provider_cannot_be_told) {
    auto& agent = signed_in_agent();
    world.provider.revocation = std::unexpected(Error{Remedy::unreachable, "no network", ""});
    const auto done = sign_out(agent);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().remedy, Remedy::unreachable);
    EXPECT_TRUE(world.documents.empty());
}

TEST_F(Lifecycle, an_erased_session_is_not_resurrected_by_a_late_renewal) {
    auto& agent = signed_in_agent();
    world.clock.advance(56min);
    while (!world.journals[World::id()].intent) ASSERT_TRUE(world.step(agent));
    ASSERT_TRUE(sign_out(world.start(false)));
    world.pass(2h);
    EXPECT_TRUE(world.documents.empty());
    EXPECT_EQ(state_of(agent), State::signed_out);
}

TEST_F(Lifecycle, another_account_needs_the_switch) {
    auto& agent = signed_in_agent();
    world.provider.account = "mallory";
    const auto refused = sign_in(agent);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().remedy, Remedy::refused);
    EXPECT_EQ(world.stored().account.subject, "alice");
    EXPECT_EQ(world.provider.revocations, 1) << "what is not kept is revoked";
    EXPECT_TRUE(sign_in(agent, {.options = {}, .switch_account = true, .token = {}}));
    EXPECT_EQ(world.stored().account.subject, "mallory");
}

TEST_F(Lifecycle, a_store_that_cannot_be_written_is_found_before_the_browser_opens) {
    auto& agent = world.start();
    world.save_fails =
        stores::StoreError{stores::Fault::locked, {Remedy::store_locked, "locked", ""}};
    EXPECT_FALSE(sign_in(agent));
    EXPECT_EQ(world.provider.sign_ins, 0);
}

TEST_F(Lifecycle, one_sign_in_waits_for_a_person_and_the_others_take_its_result) {
    auto& first = world.start();
    auto& second = world.start();
    world.settle();
    const auto before = world.provider.sign_ins;
    world.sign_in(first);
    world.settle();
    EXPECT_EQ(world.provider.sign_ins, before + 1);
    EXPECT_EQ(token_of(second), "access-1");
}

TEST_F(Lifecycle, a_session_of_a_newer_format_is_refused_and_not_overwritten) {
    auto& agent = world.start();
    world.documents[World::id()] = R"({"format":3,"whatever":true})";
    const auto answer = world.ask(agent);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::refused);
    const auto again = sign_in(agent);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().remedy, Remedy::refused);
    EXPECT_EQ(world.documents[World::id()], R"({"format":3,"whatever":true})");
}

TEST_F(Lifecycle, a_keychain_that_opens_later_is_noticed_without_being_asked) {
    world.sign_in(world.start(false));
    world.load_fails =
        stores::StoreError{stores::Fault::locked, {Remedy::store_locked, "locked", ""}};
    auto& agent = world.start();
    world.settle();
    EXPECT_EQ(state_of(agent), State::store_unavailable);
    world.load_fails.reset();
    world.pass(31s);
    EXPECT_EQ(state_of(agent), State::fresh);
}

TEST_F(Lifecycle, a_locked_keychain_is_not_taken_for_a_sign_out) {
    world.sign_in(world.start(false));
    world.load_fails =
        stores::StoreError{stores::Fault::locked, {Remedy::store_locked, "locked", ""}};
    const auto answer = world.ask(world.start());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::store_locked);
}

TEST_F(Lifecycle, a_damaged_session_is_mended_by_signing_in) {
    auto& agent = world.start();
    world.documents[World::id()] = "{";
    EXPECT_FALSE(world.ask(agent));
    EXPECT_TRUE(sign_in(agent));
    EXPECT_EQ(token_of(agent), "access-1");
}

TEST_F(Lifecycle, an_api_key_never_expires_and_is_never_renewed) {
    auto& agent = world.start();
    ASSERT_TRUE(sign_in(agent, {.options = {}, .switch_account = false, .token = Secret("key-1")}));
    world.pass(24h * 400);
    EXPECT_EQ(token_of(agent), "key-1");
    EXPECT_EQ(world.provider.renewals, 0);
}

TEST_F(Lifecycle, a_longer_life_than_the_provider_issues_is_an_error_that_says_so) {
    auto& agent = signed_in_agent();
    const auto answer = world.ask(agent, {.min_remaining = 2h, .patience = 10s});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::usage);
    EXPECT_NE(answer.error().what.find("2h"), std::string::npos);
    EXPECT_EQ(world.provider.renewals, 0);
}

TEST_F(Lifecycle, a_demand_above_the_floor_renews) {
    auto& agent = signed_in_agent();
    world.pass(30min);
    const auto answer = world.ask(agent, {.min_remaining = 45min, .patience = 10s});
    ASSERT_TRUE(answer);
    EXPECT_EQ((*answer)->token().reveal(), "access-2");
}

TEST_F(Lifecycle, ten_rejections_of_one_token_make_one_renewal) {
    auto& agent = signed_in_agent();
    world.pass(10min);
    for (int i = 0; i < 10; ++i) {
        const auto answer = reject(agent, "access-1");
        ASSERT_TRUE(answer) << answer.error().what;
        EXPECT_EQ((*answer)->token().reveal(), "access-2");
    }
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Lifecycle, a_token_rejected_within_a_minute_of_its_renewal_is_an_error) {
    auto& agent = signed_in_agent();
    world.pass(30s);
    EXPECT_FALSE(reject(agent, "access-1"));
    EXPECT_EQ(world.provider.renewals, 0);
}

// ---- Time is hostile.

TEST_F(Lifecycle, waking_from_a_long_sleep_renews_before_anything_is_handed_out) {
    auto& agent = signed_in_agent();
    world.suspend(9h);
    EXPECT_EQ(token_of(agent), "access-2");
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Lifecycle, a_clock_set_back_makes_no_expired_token_fresh) {
    auto& agent = signed_in_agent();
    world.provider.mood = Mood::unavailable;
    world.clock.advance(61min);
    world.clock.step_wall(-3h);
    world.settle();
    EXPECT_FALSE(world.ask(agent));
}

TEST_F(Lifecycle, a_clock_set_forward_makes_no_fresh_token_expired) {
    auto& agent = signed_in_agent();
    world.clock.step_wall(24h);
    world.settle();
    EXPECT_EQ(token_of(agent), "access-1");
    EXPECT_EQ(world.provider.renewals, 0);
}

TEST_F(Lifecycle, after_a_reboot_the_wall_clock_decides) {
    auto& agent = signed_in_agent();
    world.kill(agent);
    world.clock.advance(10min);
    world.clock.reboot();
    EXPECT_EQ(token_of(world.start()), "access-1");
    EXPECT_EQ(world.provider.renewals, 0);
}

TEST_F(Lifecycle, after_a_reboot_with_the_clock_before_the_issue_it_renews_once_before_trusting) {
    auto& agent = signed_in_agent();
    world.kill(agent);
    world.clock.reboot();
    world.clock.step_wall(-24h * 365);
    auto& next = world.start();
    EXPECT_EQ(token_of(next), "access-2");
    EXPECT_EQ(world.provider.renewals, 1);
}

TEST_F(Lifecycle, a_hundred_clock_steps_make_no_storm) {
    signed_in_agent();
    for (int i = 0; i < 100; ++i) {
        world.clock.step_wall(i % 2 == 0 ? 48h : -48h);
        world.pass(1s);
    }
    EXPECT_EQ(world.provider.renewals, 0);
}

TEST_F(Lifecycle, the_store_is_read_once_for_a_thousand_questions) {
    auto& agent = signed_in_agent();
    const int before = world.loads;
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(token_of(agent), "access-1");
    EXPECT_EQ(world.loads, before);
}

}  // namespace
}  // namespace hearth::testing
