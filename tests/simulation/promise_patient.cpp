#include <algorithm>

#include "simulation/promises.hpp"

namespace hearth::simulation {

using namespace std::chrono_literals;

void Patient::answered(const Question& question, const Reply& reply) {
    if (reply.result) {
        if (question.rejected && (*reply.result)->token().reveal() == *question.rejected)
            witness_.scene.broken("patient", question.who, " is given the token that was rejected");
        return;
    }
    const auto remedy = reply.result.error().remedy;
    // More life than the provider gives, and a token that somebody did not take, are errors.
    if (remedy == Remedy::usage || question.rejected) return;
    if (question.working && question.working == reply.working)
        witness_.scene.broken("patient", question.who, " has a working credential and was told: ",
                              reply.result.error().what);
}

void Patient::overdue(const Question& question) {
    witness_.scene.broken("patient", question.who, " asked ",
                          (witness_.scene.timeline.now() - question.asked_at).count(),
                          " ms ago and was not answered in time");
}

void Patient::told_to_wait(int process, const Place& place, Span span, const Host& host) {
    auto& ledger = witness_.ledgers.of(place);
    ledger.asked_of = process;
    ledger.asked_hold = witness_.scene.timeline.now() + std::min<Span>(span, 1h);
    ledger.longest_hold = std::max(ledger.longest_hold, ledger.asked_hold);
    ledger.asked_wall_steps = host.wall_steps();
}

void Patient::journal_written(int process, const Place& place, const session::Journal& after) {
    auto& ledger = witness_.ledgers.of(place);
    if (ledger.asked_of != process || after.failures == 0) return;
    // From now on every process can know.
    ledger.hold_until = ledger.asked_hold;
    ledger.hold_wall_steps = ledger.asked_wall_steps;
    ledger.asked_of = 0;
}

// What nobody could write down nobody else can know.
void Patient::journal_failed(int process, const Place& place) {
    auto& ledger = witness_.ledgers.of(place);
    if (ledger.asked_of == process) ledger.asked_of = 0;
}

void Patient::sending(const std::string& who, const Place& place, const Host& host) {
    const auto& ledger = witness_.ledgers.of(place);
    // Holds are kept by the wall clock.
    if (ledger.hold_wall_steps != host.wall_steps()) return;
    const Span early = ledger.hold_until - witness_.scene.timeline.now();
    if (early > 1ms)
        witness_.scene.broken("patient", who, " sends ", early.count(),
                              " ms before the server wants to hear of it again");
}

}  // namespace hearth::simulation
