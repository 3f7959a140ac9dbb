#include "session/rate_limit.hpp"

#include <gtest/gtest.h>

namespace hearth::session {
namespace {

using namespace std::chrono_literals;

class Limiter : public ::testing::Test {
  protected:
    RateLimiter limiter{{.per_second = 0.2, .burst = 2}};
    const std::string issuer = "https://issuer.test";

    // How long a newcomer waits.
    Span wait(Span boot) { return limiter.wait(issuer, limiter.queue(issuer), boot); }
    Span wait(RateLimiter::Place place, Span boot) { return limiter.wait(issuer, place, boot); }
};

TEST_F(Limiter, lets_a_burst_go_at_once_and_the_others_in_turn) {
    EXPECT_EQ(wait(1h), 0s);
    EXPECT_EQ(wait(1h), 0s);
    EXPECT_EQ(wait(1h), 5s);
    EXPECT_EQ(wait(1h), 10s);
    EXPECT_EQ(wait(2, 1h + 5s), 0s);
    EXPECT_EQ(wait(3, 1h + 10s), 0s);
}

TEST_F(Limiter, time_that_was_slept_away_lets_nobody_catch_up) {
    for (int i = 0; i < 5; ++i) (void)wait(1h);
    const Span woken = 1h + 60s;
    EXPECT_EQ(wait(2, woken), 0s);
    EXPECT_EQ(wait(3, woken), 0s);
    EXPECT_EQ(wait(4, woken), 5s);
    EXPECT_EQ(wait(woken), 10s) << "a newcomer comes after who waits";
    EXPECT_EQ(wait(4, woken + 5s), 0s);
}

TEST_F(Limiter, a_newcomer_does_not_use_up_what_others_wait_for) {
    for (int i = 0; i < 4; ++i) (void)wait(1h);
    const Span woken = 1h + 60s;
    EXPECT_GT(wait(woken), 0s);
    EXPECT_EQ(wait(2, woken), 0s);
    EXPECT_EQ(wait(3, woken), 0s);
}

TEST_F(Limiter, a_higher_limit_holds_for_who_waits_already) {
    for (int i = 0; i < 3; ++i) (void)wait(1h);
    limiter.set({.per_second = 10, .burst = 2});
    EXPECT_EQ(wait(2, 1h + 100ms), 0s);
}

TEST_F(Limiter, issuers_do_not_wait_for_each_other) {
    for (int i = 0; i < 3; ++i) (void)wait(1h);
    EXPECT_EQ(limiter.wait("https://other.test", limiter.queue("https://other.test"), 1h), 0s);
}

}  // namespace
}  // namespace hearth::session
