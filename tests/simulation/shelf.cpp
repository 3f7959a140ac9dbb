#include "simulation/shelf.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hearth::simulation {

using namespace std::chrono_literals;
using session::Journal;

Reached Shelf::crash_point(const Errand* errand, Reached keeping) {
    if (errand == nullptr) return keeping;
    if (errand->purpose == Errand::Purpose::sign_in) return Reached::crash_signing_in;
    if (errand->purpose == Errand::Purpose::sign_out) return Reached::crash_signing_out;
    return keeping;
}

Shelf::Shelf(Process& process, Promises& promises)
    : process_(process),
      promises_(promises),
      scene_(process.scene()),
      installation_(process.host().installation) {}

Shelf::~Shelf() = default;

Place Shelf::place(const SessionId& id) const { return {process_.host().number(), id.text()}; }

Installation::Tenure* Shelf::own_tenure(const SessionId& id) {
    auto* const tenure = installation_.held("session " + id.text());
    return tenure != nullptr && tenure->process == process_.number() ? tenure : nullptr;
}

// ---- Locks.

Result<std::unique_ptr<session::HeldLock>> Shelf::try_acquire(const SessionId& id) {
    auto* const errand = process_.errand();
    process_.peril(crash_point(errand, Reached::crash_locking));
    process_.rest(scene_.dice.between(0ms, 1ms));
    if (scene_.dice.chance(scene_.climate.lock_fails)) {
        scene_.reached(Reached::lock_failed);
        return std::unexpected(Error{Remedy::failed, "too many open files", ""});
    }
    const bool by_keeper = errand == nullptr || errand->purpose == Errand::Purpose::keep;
    const std::string name = "session " + id.text();
    // Whoever signs in or out waits; the product's own waiting would take real time.
    static constexpr std::array<Span, 3> patience{0s, 3s, 31s};
    const auto tries = errand == nullptr ? 0 : errand->tries++;
    auto held = by_keeper ? installation_.take(name, process_.number(), true)
                          : wait_for(name, patience.at(std::min<std::size_t>(tries, 2)));
    scene_.reached(held ? Reached::lock_taken : Reached::lock_busy);
    if (!by_keeper && !held && own_tenure(id) != nullptr) scene_.reached(Reached::lock_wanted);
    if (held) scene_.trace.note(process_.name(), "has the lock of ", id.text());
    if (held && by_keeper && scene_.plant == Plant::save_before_compare) {
        const auto known = process_.known.find(id.text());
        if (known != process_.known.end()) land(id, known->second);
    }
    process_.peril(crash_point(errand, Reached::crash_locking));
    return held;
}

Result<std::unique_ptr<session::HeldLock>> Shelf::try_acquire_sign_in(const ProfileName& profile) {
    auto* const errand = process_.errand();
    process_.peril(Reached::crash_signing_in);
    const bool again = errand != nullptr && std::exchange(errand->asked_for_turn, true);
    return wait_for("sign-in " + profile.text(), again ? 5min + 1s : 0ms);
}

std::unique_ptr<session::HeldLock> Shelf::wait_for(const std::string& lock, Span patience) {
    const Span deadline = process_.host().now().boot + patience;
    while (true) {
        if (auto held = installation_.take(lock, process_.number(), false)) return held;
        if (process_.host().now().boot >= deadline) return nullptr;
        process_.rest(scene_.dice.between(1ms, 200ms));
    }
}

// ---- Journals.

bool Shelf::disk_full() const { return scene_.timeline.now() < installation_.disk_full_until; }

Result<Journal> Shelf::read(const SessionId& id) {
    process_.peril(crash_point(process_.errand(), Reached::crash_reloading));
    process_.rest(0ms);
    if (scene_.dice.chance(scene_.climate.journal_fails)) {
        scene_.reached(Reached::journal_unreadable);
        scene_.trace.note(process_.name(), "cannot read the journal of ", id.text());
        ++process_.failed_reads;
        return std::unexpected(Error{Remedy::failed, "the journal cannot be read", ""});
    }
    return installation_.journals[id.text()];
}

Result<> Shelf::write(const SessionId& id, const Journal& journal) {
    auto* const errand = process_.errand();
    const auto point = journal.intent ? Reached::crash_recording : Reached::crash_settling;
    process_.peril(crash_point(errand, point));
    process_.rest(scene_.dice.between(0ms, 3ms));
    if (disk_full() || scene_.dice.chance(scene_.climate.journal_fails)) {
        scene_.reached(disk_full() ? Reached::disk_full : Reached::journal_unwritten);
        scene_.trace.note(process_.name(), "cannot write the journal of ", id.text());
        promises_.patient.journal_failed(process_.number(), place(id));
        return std::unexpected(Error{Remedy::failed, "no space left on device", ""});
    }
    auto& kept = installation_.journals[id.text()];
    if (scene_.plant == Plant::intent_not_written && journal.intent) return {};
    scene_.trace.note(process_.name(), "writes the journal of ", id.text(),
                      journal.intent ? ", intent" : "", journal.sign_in_needed ? ", sign-in" : "",
                      journal.not_before ? ", hold" : "", ", stored ", journal.stored.counter);
    count_write(id, journal);
    promises_.never_lost.journal_written(process_.name(), place(id), kept, journal);
    promises_.patient.journal_written(process_.number(), place(id), journal);
    kept = journal;
    if (scene_.plant == Plant::hold_kept_to_itself) kept.not_before.reset();
    process_.host().tell_watchers(id.text());
    process_.peril(crash_point(errand, point));
    return {};
}

class Shelf::Watching final : public Watch {
  public:
    Watching(Host& host, int process) : host_(host), process_(process) {}
    Watching(const Watching&) = delete;
    Watching& operator=(const Watching&) = delete;
    ~Watching() override { host_.watchers.erase(process_); }

  private:
    Host& host_;
    int process_;
};

Result<std::unique_ptr<session::Journals::Watch>> Shelf::watch(
    std::function<void(SessionId)> changed) {
    if (scene_.dice.chance(scene_.climate.journal_fails)) {
        scene_.reached(Reached::watch_refused);
        return std::unexpected(Error{Remedy::failed, "too many watches", ""});
    }
    process_.host().watchers[process_.number()] =
        [this, changed = std::move(changed)](const std::string& session) {
            process_.later(scene_.dice.between(0ms, 20ms),
                           [changed, session] { changed(*Name::parse(session)); });
        };
    return std::make_unique<Watching>(process_.host(), process_.number());
}

}  // namespace hearth::simulation
