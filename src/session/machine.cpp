#include "session/machine.hpp"

#include <algorithm>

#include "session/turn.hpp"

namespace hearth::session {

using namespace std::chrono_literals;

namespace {

void earliest(std::optional<Span>& wake, std::optional<Span> candidate) {
    if (candidate && (!wake || *candidate < *wake)) wake = candidate;
}

}  // namespace

SessionPtr Machine::session() const {
    if (const auto* resting = std::get_if<Resting>(&stage)) return resting->session;
    if (const auto* renewing = std::get_if<Renewing>(&stage))
        return renewing->first ? nullptr : renewing->session;
    if (const auto* unsaved = std::get_if<Unsaved>(&stage)) return unsaved->session;
    if (const auto* needed = std::get_if<SignInNeeded>(&stage)) return needed->session;
    return nullptr;
}

std::optional<Span> Machine::wake() const {
    std::optional<Span> wake;
    for (const auto& waiter : waiters) earliest(wake, waiter.deadline);
    if (const auto* resting = std::get_if<Resting>(&stage)) {
        const bool wanted = by_timer || !waiters.empty();
        if (resting->renew_at && wanted) {
            const Span due = waiters.empty() ? *resting->renew_at : Span{};
            earliest(wake,
                     resting->hold ? std::max(due, held_until(*resting->hold, waiters)) : due);
        }
    } else if (const auto* renewing = std::get_if<Renewing>(&stage)) {
        earliest(wake, renewing->retry_at);
    } else if (const auto* unsaved = std::get_if<Unsaved>(&stage)) {
        earliest(wake, unsaved->retry_at);
    } else if (const auto* unreadable = std::get_if<Unreadable>(&stage);
               unreadable != nullptr && by_timer) {
        earliest(wake, unreadable->retry_at);
    } else if (const auto* out = std::get_if<SignedOut>(&stage);
               out != nullptr && out->hold && !waiters.empty()) {
        earliest(wake, out->hold->until);
    }
    return wake;
}

bool Machine::busy() const {
    const auto* renewing = std::get_if<Renewing>(&stage);
    if (renewing == nullptr) return std::holds_alternative<Unsaved>(stage);
    return renewing->step != Renewing::Step::locking && renewing->step != Renewing::Step::reloading;
}

Transition after(Machine machine, Happening event, const Moment& now, double dice) {
    Turn turn(std::move(machine), now, dice);
    std::visit([&](auto& happened) { turn.on(happened); }, event);
    return std::move(turn).end();
}

// ---- Who waits, and what they get.

void Turn::peek() {
    if (machine_.peeking) {
        machine_.peek_again = true;
        return;
    }
    machine_.peeking = true;
    effect(Peek{});
}

void Turn::on(Ticked& /*event*/) {
    if (auto* unsaved = in<Unsaved>();
        unsaved != nullptr && unsaved->retry_at && *unsaved->retry_at <= now_.boot)
        tick_unsaved(*unsaved);
    if (auto* renewing = in<Renewing>();
        renewing != nullptr && renewing->retry_at && *renewing->retry_at <= now_.boot) {
        renewing->retry_at.reset();
        effect(TryLock{});
    }
    if (auto* unreadable = in<Unreadable>();
        unreadable != nullptr && unreadable->retry_at <= now_.boot) {
        unreadable->retry_at = now_.boot + look_again;
        peek();
    }
    expire_waiters();
    consider();
}

void Turn::on(Asked& event) {
    machine_.waiters.push_back(std::move(event.waiter));
    serve();
    const bool waits = !machine_.waiters.empty();
    if (in<Resting>() != nullptr) {
        // Above the floor and past the lead, with no timer to do it: renew behind the caller's
        // back.
        auto* const resting = in<Resting>();
        // What cannot be renewed may have been replaced by somebody who signed in since.
        if (waits && (!resting->renew_at || hopeless())) return peek();
        const bool due = resting->renew_at && *resting->renew_at <= now_.boot;
        const bool held = resting->hold && resting->hold->until > now_.boot;
        if (!waits && due && !held) return begin(resting->session);
        if (waits) consider();
    } else if (in<Unsaved>() != nullptr) {
        refuse_hopeless({});
    } else if (waits && (in<Unread>() != nullptr || in<Unreadable>() != nullptr ||
                         in<SignedOut>() != nullptr || in<SignInNeeded>() != nullptr)) {
        // Somebody may have signed in or unlocked the store since.
        peek();
    }
}

void Turn::on(Gone& event) {
    std::erase_if(machine_.waiters,
                  [&](const Waiter& waiter) { return waiter.id == event.waiter; });
}

void Turn::on(JournalChanged& event) {
    const auto* const renewing = in<Renewing>();
    // Under the lock only what is read under it counts, and the change is our own.
    if (in<Unsaved>() != nullptr ||
        (renewing != nullptr && renewing->step != Renewing::Step::locking))
        return;
    const auto held = machine_.session();
    const bool needed = in<SignInNeeded>() != nullptr;
    const bool same = event.journal.stored == (held ? held->version : Version{});
    if (!same || event.journal.sign_in_needed.has_value() != needed) return peek();
    machine_.journal = std::move(event.journal);
    if (auto* const resting = in<Resting>()) {
        resting->hold = hold_after(resting->hold);
        consider();
    }
}

void Turn::on(Peeked& event) {
    machine_.peeking = false;
    if (std::exchange(machine_.peek_again, false)) peek();
    auto* const renewing = in<Renewing>();
    if (renewing == nullptr) {
        if (in<Unsaved>() == nullptr)
            read(std::move(event.stored), in<Unread>() != nullptr ? News::loaded : News::adopted);
        return;
    }
    // While somebody else holds the lock their result is adopted as soon as it shows; once it is
    // ours, only what is read under it counts.
    if (renewing->step != Renewing::Step::locking || !renewing->retry_at) return;
    const auto* const found = std::get_if<SessionPtr>(&event.stored.found);
    if (found != nullptr && moved(renewing->session->version, (*found)->version)) {
        machine_.journal = std::move(event.stored.journal);
        adopt(*found, News::adopted);
    }
}

void Turn::on(Replaced& event) {
    // Under the lock only what is read under it counts, and that is no older.
    const auto* const renewing = in<Renewing>();
    if (renewing != nullptr && renewing->step != Renewing::Step::locking) return;
    if (const auto* const unsaved = in<Unsaved>()) {
        if (unsaved->lock != Unsaved::Custody::lent) return;
        effect(Unlock{});
    }
    machine_.journal = std::move(event.journal);
    if (event.session) {
        machine_.stage = Unread{};
        return adopt(std::move(event.session), News::loaded);
    }
    // Somebody signed out, whether or not the session had been read here by then.
    if (machine_.session() == nullptr) announce(News::signed_out, nullptr);
    sign_out();
}

void Turn::on(PolicyChanged& event) {
    machine_.policy = event.policy;
    machine_.by_timer = event.by_timer;
    machine_.unattended = event.unattended;
    if (auto* const resting = in<Resting>()) {
        resting->renew_at = renewal_due(machine_.policy, *resting->session, now_, dice_);
        consider();
    }
}

void Turn::on(MaterialGiven& /*event*/) {
    auto* const resting = in<Resting>();
    auto* const out = in<SignedOut>();
    if (resting != nullptr && resting->hold && resting->hold->ours) resting->hold.reset();
    if (out != nullptr && out->hold && out->hold->ours) out->hold.reset();
    consider();
}

void Turn::on(MaterialChanged& /*event*/) {
    machine_.unheld = true;
    consider();
}

void Turn::on(Forgotten& /*event*/) {
    // What is under way ends first; a session that is not saved is not thrown away.
    if (in<Renewing>() != nullptr || in<Unsaved>() != nullptr) return;
    const Error error{Remedy::store_locked, "the store was locked by 'hearth agent lock'",
                      "hearth agent unlock"};
    machine_.stage = Unreadable{error, now_.boot + look_again};
    announce(News::store_failed, nullptr, "locked");
    serve_all(expired_error());
}

}  // namespace hearth::session
