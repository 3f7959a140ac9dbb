#include "simulation/recovery.hpp"

#include <algorithm>

namespace hearth::simulation {

using namespace std::chrono_literals;

void Recovery::run() {
    end_faults();
    // The longest pause between two tries, and some time for the try itself.
    pass(longest_hold() + 7min);
    check_locks();
    check_keepers();
    ask_everybody();
    pass(20s);
}

void Recovery::end_faults() {
    scene_.trace.note("world", "the faults stop");
    scene_.climate = {};
    world_.issuer().fail_until({});
    for (const auto& host : world_.hosts()) {
        host->installation.shut_until = {};
        host->installation.disk_full_until = {};
        host->offline_until = {};
        host->wake();
    }
    for (auto* const process : world_.processes()) {
        if (!process->locked_by_user) continue;
        process->next_errand(Errand::Purpose::other);
        process->engine().unlock_store(Secret("passphrase"), [](const Result<>&) {});
        process->next_errand(Errand::Purpose::keep);
    }
    pass(6min);  // Machines that were off are on.
    for (const auto& host : world_.hosts()) {
        if (world_.agents(*host).empty()) (void)world_.start(*host, "agent", World::Keeps::yes);
    }
}

void Recovery::pass(Span span) {
    const Span end = scene_.timeline.now() + span;
    bool over = false;
    scene_.timeline.at(end, [&over] { over = true; });
    const auto limit = scene_.timeline.steps() + 100'000;
    while (!over && !scene_.violation && scene_.timeline.step()) {
        if (scene_.timeline.steps() > limit)
            return scene_.broken("recovery", "the world does not come to rest");
    }
}

Span Recovery::longest_hold() {
    Span longest{};
    for (const auto& [place, ledger] : world_.ledgers())
        longest = std::max(longest, ledger.longest_hold - scene_.timeline.now());
    for (const auto& host : world_.hosts()) {
        for (const auto& [session, journal] : host->installation.journals) {
            if (!journal.not_before) continue;
            const Span left = *journal.not_before - host->now().wall;
            longest = std::max(longest, std::min<Span>(left, 65min));
        }
    }
    return longest;
}

void Recovery::check_locks() {
    for (const auto& host : world_.hosts()) {
        for (const auto& [lock, tenure] : host->installation.held()) {
            if (scene_.timeline.now() - tenure.taken_at > 10min && tenure.process != 0)
                scene_.broken("recovery", host->name(), ": ", lock, " is still held by process ",
                              tenure.process);
        }
    }
}

bool Recovery::from_another_boot(const Ledger::Stored& stored, const Host& host) const {
    return stored.access &&
           world_.issuer().access(*stored.access).requested.boot_id != host.now().boot_id;
}

// Who keeps a session has it fresh without being asked.
void Recovery::check_keepers() {
    for (const auto& host : world_.hosts()) {
        for (auto* const agent : world_.agents(*host)) {
            for (const auto& [name, profile] : agent->engine().settings().profiles) {
                const Place place{host->number(), profile->session.text()};
                const auto& stored = world_.ledgers().of(place).stored;
                const auto status = agent->engine().status(name);
                if (!stored || !status || status->version != stored->version) continue;
                if (!world_.promises().never_lost.good(place)) continue;
                if (!world_.ledgers().of(place).in_flight.empty()) continue;
                // The wall clock decides for a token of another boot; who asks finds out when it
                // was set, nobody is told.
                if (host->wall_was_set() && from_another_boot(*stored, *host)) continue;
                if (agent->engine().warm(name, Span(1)) == nullptr)
                    scene_.broken("recovery", agent->name(), " keeps ", name.text(),
                                  ", but it is not fresh: ", status->last_error);
            }
        }
    }
}

void Recovery::ask_everybody() {
    for (const auto& host : world_.hosts()) (void)world_.start(*host, "once", World::Keeps::no);
    for (auto* const process : world_.processes()) {
        for (const auto& [name, profile] : process->engine().settings().profiles) {
            const Place place{process->host().number(), profile->session.text()};
            const bool good = world_.promises().never_lost.good(place);
            world_.callers().ask(*process, name, {.min_remaining = {}, .patience = 10s},
                                 [this, process, good, name](bool served) {
                                     if (good && !served)
                                         scene_.broken("recovery", process->name(),
                                                       " does not get ", name.text(),
                                                       " though the provider would renew it");
                                 });
        }
    }
}

}  // namespace hearth::simulation
