// How rough a simulated world is: the probability of each fault at each occasion. Drawn anew for
// each world, so that some are calm but for one thing and some are not.
#pragma once

#include "simulation/dice.hpp"

namespace hearth::simulation {

struct Climate {
    // At each call of a port by a process.
    double crash = 0;
    // At each call of the store, the journal, the lock.
    double store_fails = 0;
    double store_slow = 0;
    double save_lands_unseen = 0;
    double journal_fails = 0;
    double lock_fails = 0;
    // At each exchange.
    double not_reached = 0;
    double request_lost = 0;
    double reply_lost = 0;
    double delayed = 0;
    double twice = 0;
    // At each answer.
    double server_error = 0;
    double throttled = 0;
    double garbage = 0;
    double client_refused = 0;
    double shorter_life = 0;
    double no_expiry = 0;
    double date_skewed = 0;
    // At each sign-in.
    double person_gives_up = 0;
};

Climate draw_climate(Dice& dice);

}  // namespace hearth::simulation
