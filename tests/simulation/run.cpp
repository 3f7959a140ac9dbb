#include "simulation/run.hpp"

#include <algorithm>

#include "simulation/moves.hpp"
#include "simulation/recovery.hpp"
#include "simulation/scene.hpp"
#include "simulation/world.hpp"

namespace hearth::simulation {

void Outcome::add(const Outcome& other) {
    worlds += other.worlds;
    steps += other.steps;
    time += other.time;
    crashes += other.crashes;
    violations += other.violations;
    tally.add(other.tally);
    if (other.failing_seed && (!failing_seed || *other.failing_seed < *failing_seed)) {
        failing_seed = other.failing_seed;
        violation = other.violation;
    }
}

Outcome simulate(const Order& order) {
    Scene scene(order.seed, order.plant, order.trace);
    Outcome outcome;
    {
        World world(scene);
        Moves moves(world);
        moves.begin();
        while (!scene.violation && scene.timeline.steps() < order.steps && scene.timeline.step()) {
        }
        moves.stop();
        Recovery recovery(world);
        if (!scene.violation) recovery.run();
        outcome.crashes = world.crashes();
    }
    outcome.worlds = 1;
    outcome.steps = scene.timeline.steps();
    outcome.time = scene.timeline.now();
    outcome.tally = scene.tally;
    if (scene.violation) {
        outcome.violations = 1;
        outcome.failing_seed = order.seed;
        outcome.violation = *scene.violation;
    }
    return outcome;
}

}  // namespace hearth::simulation
