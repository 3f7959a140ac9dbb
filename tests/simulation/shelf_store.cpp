// The store, as one process sees it; shelf.cpp has locks and journals.
#include <utility>

#include "simulation/shelf.hpp"

namespace hearth::simulation {

using namespace std::chrono_literals;
using session::Journal;
using stores::Fault;
using stores::StoreError;

namespace {

NeverLost::By by_whom(const Errand* errand) {
    if (errand == nullptr || errand->purpose != Errand::Purpose::sign_in)
        return NeverLost::By::keeper;
    if (errand->saw_damage) return NeverLost::By::mending_sign_in;
    return errand->may_switch ? NeverLost::By::switching_sign_in : NeverLost::By::sign_in;
}

}  // namespace

void Shelf::slow() {
    const bool slow = scene_.dice.chance(scene_.climate.store_slow);
    if (slow) scene_.reached(Reached::store_slow);
    process_.rest(slow ? scene_.dice.between(100ms, 9s) : scene_.dice.between(0ms, 4ms));
}

std::optional<StoreError> Shelf::trouble(bool writing) {
    if (process_.locked_by_user)
        return StoreError{Fault::locked, {Remedy::store_locked, "locked by the user", ""}};
    const bool shut = scene_.timeline.now() < installation_.shut_until;
    if (writing && disk_full()) {
        scene_.reached(Reached::disk_full);
        return StoreError{Fault::full, {Remedy::failed, "no space left on device", ""}};
    }
    if (!shut && !scene_.dice.chance(scene_.climate.store_fails)) return {};
    switch (scene_.dice.below(writing || shut ? 3 : 4)) {
        case 0:
            scene_.reached(Reached::store_locked);
            return StoreError{Fault::locked, {Remedy::store_locked, "the keychain is locked", ""}};
        case 1:
            scene_.reached(Reached::store_unavailable);
            return StoreError{Fault::unavailable,
                              {Remedy::store_locked, "there is no keychain", ""}};
        case 2:
            scene_.reached(Reached::store_timed_out);
            process_.rest(10s);
            return StoreError{Fault::timed_out,
                              {Remedy::failed, "the keychain does not answer", ""}};
        default:
            scene_.reached(Reached::store_damaged);
            return StoreError{Fault::damaged, {Remedy::failed, "the document is damaged", ""}};
    }
}

stores::StoreResult<std::optional<Secret>> Shelf::load(const SessionId& id) {
    auto* const errand = process_.errand();
    process_.peril(crash_point(errand, Reached::crash_reloading));
    slow();
    if (auto fault = trouble(false)) {
        ++process_.failed_reads;
        if (errand != nullptr && fault->fault == Fault::damaged) errand->saw_damage = true;
        scene_.trace.note(process_.name(), "cannot read ", id.text(), ": ", fault->error.what);
        return std::unexpected(*std::move(fault));
    }
    count_load(id);
    auto found = installation_.documents.find(id.text());
    const bool known = process_.known.contains(id.text());
    std::optional<Secret> document;
    if (found != installation_.documents.end()) document = Secret(found->second);
    if (scene_.plant == Plant::skipped_reload && own_tenure(id) != nullptr && known)
        document = Secret(process_.known[id.text()]);
    if (document) process_.known.try_emplace(id.text(), document->reveal());
    if (document && own_tenure(id) == nullptr) process_.known[id.text()] = document->reveal();
    process_.peril(crash_point(errand, Reached::crash_reloading));
    return document;
}

void Shelf::land(const SessionId& id, const std::string& document) {
    promises_.never_lost.saved(process_.name(), place(id), document, by_whom(process_.errand()));
    installation_.documents[id.text()] = document;
    const auto& stored = promises_.ledgers.of(place(id)).stored;
    if (stored)
        scene_.trace.note(process_.name(), "saves ", id.text(), " version ",
                          stored->version.counter, " of ", stored->version.lineage.substr(0, 6));
}

stores::StoreResult<> Shelf::save(const SessionId& id, const Secret& document) {
    auto* const errand = process_.errand();
    const std::string text(document.reveal());
    process_.peril(crash_point(errand, Reached::crash_saving));
    slow();
    auto fault = trouble(true);
    const bool unseen = fault && fault->fault == Fault::timed_out &&
                        scene_.dice.chance(scene_.climate.save_lands_unseen * 3);
    if (unseen) scene_.reached(Reached::save_landed_unseen);
    if (!fault || unseen) land(id, text);
    auto* const tenure = own_tenure(id);
    if (fault) {
        scene_.reached(Reached::save_refused);
        if (tenure != nullptr) {
            tenure->unsaved = true;
            tenure->sent.clear();  // What follows is another renewal, in memory.
        }
        scene_.trace.note(process_.name(), "cannot save ", id.text(), ": ", fault->error.what);
        if (scene_.plant == Plant::failure_erases) (void)erase(id);
        return std::unexpected(*std::move(fault));
    }
    if (tenure != nullptr && tenure->by_keeper)
        scene_.reached(tenure->unsaved ? Reached::saved_later : Reached::saved);
    if (scene_.plant == Plant::late_save_after_sign_out && tenure != nullptr && tenure->by_keeper)
        process_.later(scene_.dice.between(1min, 3h), [this, id, text] { land(id, text); });
    process_.peril(crash_point(errand, Reached::crash_saving));
    return {};
}

stores::StoreResult<> Shelf::erase(const SessionId& id) {
    auto* const errand = process_.errand();
    process_.peril(Reached::crash_signing_out);
    slow();
    if (auto fault = trouble(true)) return std::unexpected(*std::move(fault));
    scene_.trace.note(process_.name(), "erases ", id.text());
    promises_.never_lost.erased(process_.name(), place(id),
                                errand != nullptr && errand->purpose == Errand::Purpose::sign_out);
    installation_.documents.erase(id.text());
    process_.peril(Reached::crash_signing_out);
    return {};
}

stores::StoreResult<> Shelf::probe() {
    slow();
    if (auto fault = trouble(true)) return std::unexpected(*std::move(fault));
    return {};
}

stores::StoreResult<> Shelf::unlock(const Secret& /*passphrase*/) {
    slow();
    process_.locked_by_user = false;
    return {};
}

// ---- Which step of a renewal this was.

void Shelf::count_load(const SessionId& id) {
    using Last = Installation::Tenure::Last;
    const auto* const tenure = own_tenure(id);
    if (tenure == nullptr || !tenure->by_keeper) return;
    if (tenure->last == Last::nothing) scene_.reached(Reached::reloaded);
    if (tenure->last == Last::refused) scene_.reached(Reached::verified);
    if (tenure->last == Last::lost) scene_.reached(Reached::resolved);
}

void Shelf::count_write(const SessionId& id, const Journal& journal) {
    const auto* const tenure = own_tenure(id);
    if (tenure == nullptr || !tenure->by_keeper) return;
    if (journal.failures > 0 && tenure->last != Installation::Tenure::Last::nothing &&
        (journal.not_before || journal.sign_in_needed)) {
        scene_.reached(Reached::closed);
    } else {
        scene_.reached(journal.intent ? Reached::intent_written : Reached::settled);
    }
}

}  // namespace hearth::simulation
