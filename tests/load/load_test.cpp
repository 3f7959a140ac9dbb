#include <gtest/gtest.h>

#include "load/fleet.hpp"

namespace hearth::load {
namespace {

using namespace std::chrono_literals;

// A tenth of what `hearth-load` runs by itself, with as many sessions for each issuer.
constexpr FleetOptions tenth{.sessions = 10'000, .issuers = 10, .clients = 100};

void expect_no_harm(const FleetScore& score) {
    EXPECT_EQ(score.over_limit, 0);
    EXPECT_EQ(score.expired, 0);
    EXPECT_EQ(score.reused_tokens, 0);
    EXPECT_GT(score.handed_out, 0);
}

TEST(Load, sessions_that_expire_together_are_all_renewed_in_time_within_their_issuers_limit) {
    Fleet fleet(tenth);
    fleet.start();
    fleet.pass(2h);
    expect_no_harm(fleet.score());
    EXPECT_EQ(fleet.score().renewals, tenth.sessions) << "each of them once";
    EXPECT_EQ(fleet.score().turned_away, 0) << fleet.score().last_error;
    EXPECT_EQ(fleet.status().fresh, tenth.sessions);
}

TEST(Load, where_the_limit_is_too_tight_it_wins_and_status_names_those_who_wait) {
    auto options = tenth;
    options.rate = {.per_second = 1, .burst = 5};
    Fleet fleet(options);
    fleet.start();
    fleet.pass(options.first_expiry + options.expiry_window);
    const auto crowded = fleet.status();
    EXPECT_GT(crowded.waiting, 0);
    EXPECT_EQ(crowded.silent, 0) << "each expired one is named";
    EXPECT_EQ(crowded.others, 0);
    fleet.pass(20min);
    expect_no_harm(fleet.score());
    EXPECT_GT(fleet.score().turned_away, 0) << "who asks for one that waits is told so";
    EXPECT_EQ(fleet.status().fresh, options.sessions);
}

TEST(Load, of_a_day_of_renewals_leaves_nothing_behind) {
    auto options = tenth;
    options.sessions = 1'000;
    options.between_asks = 10min;
    options.lifetime = 1h;
    Fleet fleet(options);
    fleet.start();
    // Between two rounds of renewals, when nothing is under way.
    fleet.pass(30min);
    fleet.pass(6h);
    const auto before = Fleet::allocated();
    if (before == 0) GTEST_SKIP() << "a sanitizer's allocator does not tell what is in use";
    fleet.pass(18h);
    const auto after = Fleet::allocated();
    expect_no_harm(fleet.score());
    EXPECT_GE(fleet.score().renewals, 23 * options.sessions);
    EXPECT_LT(after, before + (before / 50));
}

}  // namespace
}  // namespace hearth::load
