#include "simulation/climate.hpp"

#include <array>

namespace hearth::simulation {

Climate draw_climate(Dice& dice) {
    Climate climate;
    // Half of the faults never happen in a given world, the others seldom, now and then, or often.
    static constexpr std::array<double, 6> weights{0, 0, 0, 0.1, 0.4, 1};
    const auto draw = [&](double& probability, double often) {
        probability = often * dice.pick(weights);
    };
    draw(climate.crash, 0.02);
    draw(climate.store_fails, 0.2);
    draw(climate.store_slow, 0.1);
    draw(climate.save_lands_unseen, 0.2);
    draw(climate.journal_fails, 0.1);
    draw(climate.lock_fails, 0.05);
    draw(climate.not_reached, 0.3);
    draw(climate.request_lost, 0.2);
    draw(climate.reply_lost, 0.2);
    draw(climate.delayed, 0.1);
    draw(climate.twice, 0.05);
    draw(climate.server_error, 0.4);
    draw(climate.throttled, 0.4);
    draw(climate.garbage, 0.1);
    draw(climate.client_refused, 0.05);
    draw(climate.shorter_life, 0.5);
    draw(climate.no_expiry, 0.2);
    draw(climate.date_skewed, 0.3);
    climate.person_gives_up = 0.1;
    return climate;
}

}  // namespace hearth::simulation
