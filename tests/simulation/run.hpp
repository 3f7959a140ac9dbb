// One seed, one world: what is to be simulated, and what came of it.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "core/time.hpp"
#include "simulation/plant.hpp"
#include "simulation/tally.hpp"

namespace hearth::simulation {

struct Order {
    std::uint64_t seed = 1;
    std::uint64_t steps = 3000;  // Until the faults stop; then a while to recover in.
    Plant plant = Plant::none;
    std::ostream* trace = nullptr;
};

struct Outcome {
    std::uint64_t worlds = 0;
    std::uint64_t steps = 0;
    std::chrono::duration<double, std::ratio<31'556'952>> time{};  // Virtual years.
    std::uint64_t crashes = 0;
    std::uint64_t violations = 0;
    Tally tally;
    std::optional<std::uint64_t> failing_seed;  // The smallest.
    std::string violation;                      // Of that seed.

    void add(const Outcome& other);
};

// The same order gives the same outcome, and the same trace.
Outcome simulate(const Order& order);

}  // namespace hearth::simulation
