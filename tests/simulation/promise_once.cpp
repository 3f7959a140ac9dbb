#include <algorithm>

#include "simulation/promises.hpp"

namespace hearth::simulation {

void Once::sending(const std::string& who, int process, const Place& place, std::size_t refresh,
                   Installation& installation) {
    auto& scene = witness_.scene;
    auto& ledger = witness_.ledgers.of(place);
    const auto& token = witness_.issuer.refresh(refresh);
    if (!ledger.in_flight.empty())
        scene.broken("once", who, " sends ", refresh_name(refresh), " while process ",
                     ledger.in_flight.front(), " waits for the answer to its own renewal");
    ledger.in_flight.push_back(process);
    auto* const tenure = installation.held("session " + place.session);
    if (tenure == nullptr || tenure->process != process || !tenure->by_keeper) {
        scene.broken("once", who, " renews without the lock");
    } else {
        const int times = ++tenure->sent[refresh];
        scene.reached(times == 1 ? Reached::sent : Reached::sent_again);
        if (times > 2)
            scene.broken("once", who, " sends ", refresh_name(refresh), " for the ", times,
                         "th time under one lock");
    }
    const auto& intent = installation.journals[place.session].intent;
    // What could not be saved yet is ahead of what is stored.
    const bool ahead = intent && ledger.stored &&
                       intent->version.lineage == ledger.stored->version.lineage &&
                       intent->version.counter >= ledger.stored->version.counter;
    if (!ahead) scene.broken("once", who, " renews without a durable intent");
    if (token.superseded)
        scene.broken("once", who, " sends ", refresh_name(refresh),
                     " although what it was exchanged for has been in the store");
    const bool alive = witness_.issuer.family(token.family).end == Issuer::End::none;
    if (token.received_by != 0 && alive)
        scene.broken("once", who, " sends ", refresh_name(refresh), " although process ",
                     token.received_by, " has what it was exchanged for");
    ledger.last_sent = refresh;
    ++ledger.mishaps;
}

void Once::ended(int process, const Place& place) {
    std::erase(witness_.ledgers.of(place).in_flight, process);
}

void Once::received(int process, const Issuer::Issued& issued) {
    if (!issued.refresh) return;
    const auto parent = witness_.issuer.refresh(*issued.refresh).parent;
    if (!parent) return;
    witness_.issuer.refresh(*parent).received_by = process;
    in_hand_[process].push_back(*parent);
}

// What the token came from was exchanged for nothing that anybody could use.
void Once::refused(std::size_t refresh) {
    for (auto spent = witness_.issuer.refresh(refresh).parent; spent;
         spent = witness_.issuer.refresh(*spent).parent)
        witness_.issuer.refresh(*spent).received_by = 0;
}

void Once::died(int process) {
    for (const auto spent : in_hand_[process]) {
        auto& token = witness_.issuer.refresh(spent);
        if (token.received_by == process) token.received_by = 0;
    }
    in_hand_.erase(process);
}

}  // namespace hearth::simulation
