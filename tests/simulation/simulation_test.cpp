// A fixed budget of seeds in every run of the tests; any number by hearth-simulate.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "simulation/run.hpp"

#ifdef HEARTH_CRASHES_LEAK
// A process that is killed does not unwind; what its stack owned is the leak of a crash.
// NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's name.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }
#endif

namespace hearth::simulation {

// GoogleTest finds it by its name.
static void PrintTo(const PlantName& plant, std::ostream* out) { *out << plant.name; }

namespace {

#ifdef HEARTH_FEW_SEEDS
constexpr std::uint64_t budget = 100;
#else
constexpr std::uint64_t budget = 1000;
#endif

Outcome simulate_seeds(std::uint64_t from, std::uint64_t count, Plant plant = Plant::none) {
    Outcome all;
    for (std::uint64_t seed = from; seed < from + count && !all.failing_seed; ++seed)
        all.add(simulate({.seed = seed, .plant = plant}));
    return all;
}

std::string told(const Order& order) {
    std::ostringstream trace;
    auto traced = order;
    traced.trace = &trace;
    (void)simulate(traced);
    return trace.str();
}

TEST(Simulation, keeps_every_promise_and_comes_through_every_fault) {
    const auto outcome = simulate_seeds(1, budget);
    ASSERT_FALSE(outcome.failing_seed)
        << told({.seed = *outcome.failing_seed}) << "\nseed " << *outcome.failing_seed << ": "
        << outcome.violation << "\nto see it again: hearth-simulate --seeds 1 --from "
        << *outcome.failing_seed << " --trace";
#ifndef HEARTH_FEW_SEEDS
    for (std::size_t i = 0; i < outcome.tally.counts.size(); ++i)
        EXPECT_GT(outcome.tally.counts.at(i), 0U) << to_string(static_cast<Reached>(i));
#endif
}

TEST(Simulation, gives_the_same_run_for_the_same_seed) {
    const auto first = told({.seed = 7});
    EXPECT_GT(first.size(), 10'000U);
    EXPECT_EQ(first, told({.seed = 7}));
    EXPECT_NE(first, told({.seed = 8}));
}

class PlantedFault : public ::testing::TestWithParam<PlantName> {};

TEST_P(PlantedFault, is_caught) {
    const auto outcome = simulate_seeds(1, 200, GetParam().plant);
    EXPECT_TRUE(outcome.failing_seed);
}

INSTANTIATE_TEST_SUITE_P(Each, PlantedFault, ::testing::ValuesIn(plants().begin(), plants().end()),
                         [](const auto& tested) {
                             std::string name(tested.param.name);
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace hearth::simulation
