// The renewal across processes: lock → reload → moved? adopt → make the intent durable → send →
// save → tell the journal → unlock → publish. Every way out gives the lock back, but for one: what
// the store did not take is kept under it.
#include <algorithm>

#include "session/turn.hpp"

namespace hearth::session {

using namespace std::chrono_literals;
using Step = Renewing::Step;

namespace {

constexpr Span store_hold = 5s;       // After a store that could not be read.
constexpr Span hopeless_hold = 5min;  // After an answer that asking again does not change.
constexpr Span longest_hold = 1h;     // However long a server asks to be left alone.

Span lock_wait(std::uint32_t tries, double dice) {
    const Span window = std::min<Span>(5ms * (1LL << std::min(tries, 8U)), 500ms);
    return 1ms + Span(static_cast<Span::rep>(static_cast<double>(window.count()) * dice));
}

Error spent_token_error(const Error& refusal, const Renewing& renewing) {
    Error error{Remedy::sign_in, refusal.what, ""};
    if (renewing.attempt > 1) {
        error.what +=
            "; an earlier renewal was sent whose answer never arrived, so the provider had already "
            "replaced this refresh "
            "token and does not accept it again";
    }
    return error;
}

}  // namespace

void Turn::begin(SessionPtr session) {
    machine_.stage = Renewing{.session = std::move(session)};
    effect(TryLock{});
}

void Turn::on(LockTried& event) {
    auto* const renewing = in<Renewing>();
    if (renewing == nullptr || renewing->step != Step::locking) {
        // Wanted no more: a sign-in or sign-out of our own came between.
        if (event.outcome == LockTried::Outcome::acquired && !machine_.busy() &&
            renewing == nullptr)
            effect(Unlock{});
        return;
    }
    switch (event.outcome) {
        case LockTried::Outcome::acquired:
            renewing->retry_at.reset();
            renewing->step = Step::reloading;
            effect(Reload{});
            return;
        case LockTried::Outcome::busy:
            return lock_busy(*renewing);
        case LockTried::Outcome::failed:
            return let_go(std::move(event.error), store_hold);
    }
}

void Turn::lock_busy(Renewing& renewing) {
    if (machine_.waiters.empty() && renewing.first) return sign_out();
    if (machine_.waiters.empty() && !machine_.by_timer) {
        auto session = renewing.session;
        return rest(std::move(session));
    }
    renewing.retry_at = now_.boot + lock_wait(renewing.lock_tries++, dice_);
}

void Turn::on(Reloaded& event) {
    if (auto* const unsaved = in<Unsaved>())
        return compare_unsaved(*unsaved, std::move(event.stored));
    auto* const renewing = in<Renewing>();
    if (renewing == nullptr) return;
    // Without the journal nobody knows what was sent before, or how long to leave the server alone.
    if (event.stored.journal_error)
        return let_go(*std::move(event.stored.journal_error), store_hold);
    machine_.journal = std::move(event.stored.journal);
    if (auto* const error = std::get_if<stores::StoreError>(&event.stored.found)) {
        return let_go(std::move(error->error), store_hold);
    }
    auto* const found = std::get_if<SessionPtr>(&event.stored.found);
    if (found == nullptr && !renewing->unsaved && !renewing->first) {
        effect(Unlock{});
        return sign_out();
    }
    if (found != nullptr && moved(renewing->session->version, (*found)->version)) {
        effect(Unlock{});
        return adopt(std::move(*found), News::adopted);
    }
    switch (renewing->step) {
        case Step::reloading:
            if (found == nullptr) return read_nothing_under_lock(*renewing);
            return read_under_lock(*renewing, *found);
        case Step::verifying:
            renewing->sign_in = true;
            renewing->error = spent_token_error(renewing->error, *renewing);
            return close(*renewing, {});
        case Step::resolving:
            return close(*renewing, backoff(machine_.journal.failures + 1, dice_));
        default:
            return;
    }
}

// The store holds what we hold, or something older.
void Turn::read_under_lock(Renewing& renewing, const SessionPtr& found) {
    if (found->version != renewing.session->version) {
        // Ours never got there: it goes first, and is renewed after.
        auto session = renewing.session;
        return save(renewing, std::move(session));
    }
    const auto& journal = machine_.journal;
    if (auto error = given_up(found->version)) {
        effect(Unlock{});
        return need_sign_in(renewing.session, *std::move(error));
    }
    if (shared_hold() && !machine_.unheld) {
        effect(Unlock{});
        auto session = renewing.session;
        return rest(std::move(session));
    }
    const bool begun = journal.intent && journal.intent->version == found->version;
    renewing.attempt = begun ? journal.intent->attempt + 1 : 1;
    record_intent(renewing);
}

// It is to be made, and nobody has made it yet.
void Turn::read_nothing_under_lock(Renewing& renewing) {
    if (shared_hold() && !machine_.unheld) {
        effect(Unlock{});
        return sign_out();
    }
    const auto& intent = machine_.journal.intent;
    const bool begun = intent && intent->version == renewing.session->version;
    renewing.attempt = begun ? intent->attempt + 1 : 1;
    record_intent(renewing);
}

void Turn::record_intent(Renewing& renewing) {
    renewing.step = Step::recording;
    machine_.unheld = false;
    machine_.journal.intent =
        Journal::Intent{renewing.session->version, renewing.attempt, now_.wall};
    // That a person is needed was said of an earlier sign-in, whose end the journal was not told.
    machine_.journal.sign_in_needed.reset();
    effect(WriteJournal{machine_.journal});
}

void Turn::on(JournalWritten& event) {
    auto* const renewing = in<Renewing>();
    if (renewing == nullptr) return;
    switch (renewing->step) {
        case Step::recording:
            // An intent that a crash would forget is none: nothing is sent.
            if (!event.result) return let_go(std::move(event.result).error(), store_hold);
            renewing->step = Step::sending;
            return effect(Send{renewing->session});
        case Step::settling:
            if (!event.result)
                announce(News::store_failed, renewing->renewed, event.result.error().what);
            return settled();
        case Step::closing:
            return closed();
        default:
            return;
    }
}

void Turn::on(Answered& event) {
    auto* const renewing = in<Renewing>();
    if (renewing == nullptr || renewing->step != Step::sending) return;
    if (event.server_skew) machine_.server_skew = event.server_skew;
    std::visit([&](auto& answer) { on_answer(*renewing, answer); }, event.outcome);
}

void Turn::on_answer(Renewing& renewing, RenewedAnswer& answer) {
    save(renewing, std::move(answer.session));
}

void Turn::on_answer(Renewing& renewing, GrantInvalidAnswer& answer) {
    renewing.error = std::move(answer.error);
    if (renewing.first) return close(renewing, hopeless_hold);
    // Only a reload tells whether somebody renewed it meanwhile.
    renewing.step = Step::verifying;
    effect(Reload{});
}

void Turn::on_answer(Renewing& renewing, NotRenewedAnswer& answer) {
    renewing.error = std::move(answer.error);
    Span hold =
        answer.worth_retrying ? backoff(machine_.journal.failures + 1, dice_) : hopeless_hold;
    if (answer.look_again) hold = *answer.look_again;
    if (answer.retry_after) hold = std::max(hold, std::min(*answer.retry_after, longest_hold));
    renewing.ours = answer.ours;
    renewing.tell = answer.look_again.has_value();
    // The token is unspent, unless an earlier answer was lost.
    if (renewing.attempt == 1) machine_.journal.intent.reset();
    close(renewing, hold);
}

void Turn::on_answer(Renewing& renewing, LostAnswer& answer) {
    renewing.error = std::move(answer.error);
    if (renewing.attempt == 1) {
        renewing.attempt = 2;
        return record_intent(renewing);
    }
    renewing.step = Step::resolving;
    effect(Reload{});
}

void Turn::save(Renewing& renewing, SessionPtr session) {
    renewing.step = Step::saving;
    renewing.renewed = std::move(session);
    effect(Save{renewing.renewed});
}

void Turn::on(Saved& event) {
    if (auto* const renewing = in<Renewing>();
        renewing != nullptr && renewing->step == Step::saving) {
        if (event.result) return settle();
        const auto session = renewing->renewed;
        announce(News::renewed, session);
        announce(News::store_failed, session, event.result.error().error.what);
        keep_unsaved(session, std::move(event.result).error().error, 1);
        return serve_all(expired_error());
    }
    auto* const unsaved = in<Unsaved>();
    if (unsaved == nullptr) return;
    if (!event.result)
        return keep_unsaved(unsaved->session, std::move(event.result).error().error,
                            unsaved->failures + 1, unsaved->renew_at);
    const auto session = unsaved->session;
    announce(News::store_recovered, session);
    machine_.stage = Renewing{.session = session, .renewed = session};
    settle();
}

void Turn::settle() {
    auto* const renewing = in<Renewing>();
    auto& journal = machine_.journal;
    // What was saved late may have been renewed in vain before; that still counts.
    if (journal.stored != renewing->renewed->version) journal = Journal{};
    journal.stored = renewing->renewed->version;
    journal.renewed_at = now_.wall;
    journal.renewed_by = machine_.process;
    renewing->step = Step::settling;
    effect(WriteJournal{journal});
}

void Turn::settled() {
    const auto session = in<Renewing>()->renewed;
    effect(Unlock{});
    machine_.stage = Resting{.session = session,
                             .renew_at = renewal_due(machine_.policy, *session, now_, dice_),
                             .hold = shared_hold()};
    announce(News::renewed, session);
    serve();
    // It is what the provider gives, however much was asked for.
    serve_all({Remedy::unreachable, "the renewed token was already expired when it arrived",
               "check the clock: hearth doctor"});
}

void Turn::close(Renewing& renewing, std::optional<Span> hold) {
    auto& journal = machine_.journal;
    renewing.step = Step::closing;
    renewing.hold = hold;
    journal.last_error = renewing.error.what;
    if (!renewing.ours) {
        ++journal.failures;
        if (hold) journal.not_before = now_.wall + *hold;
    }
    if (renewing.sign_in) journal.sign_in_needed = renewing.error.what;
    journal.stored = renewing.session->version;
    effect(WriteJournal{journal});
}

void Turn::closed() {
    const Renewing renewing = *in<Renewing>();
    if (!renewing.sign_in) {
        let_go(renewing.error, renewing.hold.value_or(store_hold));
        if (renewing.tell) serve_all(renewing.error);
        return;
    }
    effect(Unlock{});
    need_sign_in(renewing.session, renewing.error);
}

void Turn::let_go(Error error, Span hold) {
    auto* const renewing = in<Renewing>();
    machine_.unheld = false;
    auto session = renewing->session;
    announce(News::renewal_failed, renewing->first ? nullptr : session, error.what);
    if (renewing->unsaved)
        return keep_unsaved(std::move(session), std::move(error), 1, now_.boot + hold);
    effect(Unlock{});
    Hold held{.until = now_.boot + hold, .error = std::move(error), .ours = renewing->ours};
    if (renewing->first) {
        machine_.stage = SignedOut{.hold = std::move(held)};
    } else {
        machine_.stage = Resting{.session = session,
                                 .renew_at = renewal_due(machine_.policy, *session, now_, dice_),
                                 .hold = std::move(held)};
    }
    consider();
}

void Turn::keep_unsaved(SessionPtr session, Error error, std::uint32_t failures,
                        std::optional<Span> not_before) {
    const Span wait = std::min<Span>(30s, 1s * (1LL << std::min(failures - 1, 5U)));
    auto renew_at = renewal_due(machine_.policy, *session, now_, dice_);
    if (renew_at && not_before) renew_at = std::max(*renew_at, *not_before);
    machine_.stage = Unsaved{.session = std::move(session),
                             .retry_at = now_.boot + wait,
                             .failures = failures,
                             .renew_at = renew_at,
                             .error = std::move(error)};
}

void Turn::tick_unsaved(Unsaved& unsaved) {
    if (unsaved.lock == Unsaved::Custody::returned) {
        unsaved.retry_at.reset();
        return effect(Reload{});
    }
    // A store that stays shut for longer than a token lives: renew in memory, still under the lock.
    const bool due = unsaved.renew_at && *unsaved.renew_at <= now_.boot;
    if (due && unsaved.failures > 1) {
        machine_.stage = Renewing{.session = unsaved.session, .unsaved = true};
        return record_intent(*in<Renewing>());
    }
    unsaved.retry_at.reset();
    effect(Save{unsaved.session});
}

void Turn::on(LoanAsked& /*event*/) {
    auto* const unsaved = in<Unsaved>();
    if (unsaved == nullptr || !unsaved->retry_at) return;
    unsaved->retry_at.reset();
    unsaved->lock = Unsaved::Custody::lent;
    effect(Lend{});
}

void Turn::on(LockReturned& /*event*/) {
    auto* const unsaved = in<Unsaved>();
    if (unsaved == nullptr || unsaved->lock != Unsaved::Custody::lent) return;
    unsaved->lock = Unsaved::Custody::returned;
    effect(Reload{});
}

// Whoever had the lock may have done more than they were told.
void Turn::compare_unsaved(Unsaved& unsaved, Stored stored) {
    if (stored.journal_error || std::holds_alternative<stores::StoreError>(stored.found)) {
        unsaved.retry_at = now_.boot + store_hold;
        return;
    }
    auto* const found = std::get_if<SessionPtr>(&stored.found);
    if (found != nullptr && !moved(unsaved.session->version, (*found)->version)) {
        unsaved.lock = Unsaved::Custody::held;
        return effect(Save{unsaved.session});
    }
    machine_.journal = std::move(stored.journal);
    effect(Unlock{});
    if (found == nullptr) return sign_out();
    adopt(std::move(*found), News::adopted);
}

}  // namespace hearth::session
