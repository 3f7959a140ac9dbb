// What all parts of one simulated world share.
#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>

#include "simulation/climate.hpp"
#include "simulation/dice.hpp"
#include "simulation/fiber.hpp"
#include "simulation/plant.hpp"
#include "simulation/tally.hpp"
#include "simulation/timeline.hpp"
#include "simulation/trace.hpp"

namespace hearth::simulation {

struct Scene {
    Scene(std::uint64_t seed, Plant with, std::ostream* out)
        : dice(seed),
          timeline(dice),
          trace(timeline, out),
          climate(draw_climate(dice)),
          plant(with) {}

    Dice dice;
    Timeline timeline;
    Trace trace;
    Tally tally;
    Climate climate;
    Plant plant = Plant::none;
    Stacks stacks;
    std::optional<std::string> violation;  // The first one; the run ends with it.

    std::function<void()> on_renewal;  // A renewal is sent.

    // A promise was broken.
    template <class... Parts>
    void broken(std::string_view promise, const Parts&... parts) {
        if (violation) return;
        std::ostringstream text;
        text << promise << ": ";
        ((text << parts), ...);
        violation = text.str();
        trace.note("PROMISE", *violation);
    }
    void reached(Reached one) noexcept { tally.count(one); }
};

}  // namespace hearth::simulation
