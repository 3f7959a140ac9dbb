#include "session/machine.hpp"

#include <algorithm>

#include "session/turn.hpp"

namespace hearth::session {

using namespace std::chrono_literals;

namespace {

constexpr Span look_again = 30s;  // At a store that could not be read.
constexpr Span too_young = 60s;   // What is rejected sooner is not rejected for its age.

constexpr Span unasked = 1min;  // What failed here is looked at less often while nobody asks.

Span held_until(const Hold& hold, const std::vector<Waiter>& waiters) {
    return hold.ours && waiters.empty() ? hold.until + unasked : hold.until;
}

// What a session that is made without a person is made out of.
SessionPtr nothing() {
    static const SessionPtr empty = [] {
        auto session = std::make_shared<Session>();
        session->unattended = true;
        return session;
    }();
    return empty;
}

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

Error Turn::expired_error() const {
    if (const auto* unreadable = std::get_if<Unreadable>(&machine_.stage)) return unreadable->error;
    Error unanswered{Remedy::store_locked, "the store has not answered yet", "hearth doctor"};
    // Somebody may have signed in since.
    if (machine_.peeking && in<SignInNeeded>() != nullptr) return unanswered;
    if (const auto* needed = std::get_if<SignInNeeded>(&machine_.stage)) return needed->error;
    if (const auto* out = in<SignedOut>(); out != nullptr && out->hold) return out->hold->error;
    if (in<SignedOut>() != nullptr && !machine_.peeking)
        return {Remedy::sign_in, "nobody is signed in", ""};
    if (const auto* resting = std::get_if<Resting>(&machine_.stage);
        resting != nullptr && resting->hold) {
        return resting->hold->error;
    }
    if (const auto* unsaved = std::get_if<Unsaved>(&machine_.stage)) return unsaved->error;
    if (const auto* renewing = std::get_if<Renewing>(&machine_.stage); renewing != nullptr) {
        if (!renewing->error.what.empty()) return renewing->error;
        if (renewing->step == Renewing::Step::locking) {
            return {Remedy::unreachable,
                    "another process is renewing this session and has not finished", "try again"};
        }
        return {Remedy::unreachable, "the provider has not answered the renewal yet", "try again"};
    }
    if (machine_.peeking || in<Unread>() != nullptr) return unanswered;
    return {Remedy::unreachable, "the token has expired and could not be renewed", "hearth status"};
}

// More life than the provider issues cannot be had by waiting.
std::optional<Error> Turn::impossible(const Waiter& waiter) const {
    const auto session = machine_.session();
    if (!session || !session->lifespan || !waiter.min_remaining) return {};
    if (*waiter.min_remaining <= session->lifespan->lifetime) return {};
    return Error{Remedy::usage,
                 "a token with " + to_string(*waiter.min_remaining) +
                     " left was asked for, but the provider issues them for " +
                     to_string(session->lifespan->lifetime),
                 "ask for less"};
}

// A rejected token that renewing would not make a better one.
std::optional<Error> Turn::hopeless(const Waiter& waiter) const {
    const auto session = machine_.session();
    if (!session || waiter.not_version != session->version) return {};
    if (!session->renewable())
        return Error{Remedy::sign_in, "the token was rejected and cannot be renewed", ""};
    if (!session->lifespan) return {};
    const Span age = session->lifespan->lifetime - session->lifespan->remaining(now_);
    if (age >= too_young) return {};
    return Error{Remedy::failed,
                 "the token was rejected within a minute of being issued, so renewing it does not "
                 "help",
                 "check scopes and organisation with 'hearth whoami'"};
}

bool Turn::hopeless() const {
    return std::ranges::any_of(machine_.waiters,
                               [this](const Waiter& one) { return hopeless(one).has_value(); });
}

void Turn::refuse_hopeless(const std::optional<Error>& because) {
    std::erase_if(machine_.waiters, [&](const Waiter& waiter) {
        const auto error = hopeless(waiter);
        if (!error) return false;
        effect(Answer{waiter.id, because ? *because : *error});
        return true;
    });
}

void Turn::serve() {
    const auto session = machine_.session();
    if (!session) return;
    std::erase_if(machine_.waiters, [&](const Waiter& waiter) {
        if (waiter.not_version == session->version) return false;
        if (auto error = impossible(waiter)) {
            effect(Answer{waiter.id, *std::move(error)});
            return true;
        }
        RenewalPolicy policy = machine_.policy;
        policy.min_remaining = std::min(policy.min_remaining, waiter.usual);
        if (!satisfies(*session, policy, waiter.min_remaining, now_)) return false;
        effect(Answer{waiter.id, session});
        return true;
    });
}

void Turn::serve_all(const Error& otherwise) {
    const auto session = machine_.session();
    for (const auto& waiter : std::exchange(machine_.waiters, {})) {
        const bool good =
            session && presentable(*session, now_) && waiter.not_version != session->version;
        if (auto error = impossible(waiter)) {
            effect(Answer{waiter.id, *std::move(error)});
        } else if (good) {
            effect(Answer{waiter.id, session});
        } else {
            effect(Answer{waiter.id, otherwise});
        }
    }
}

void Turn::expire_waiters() {
    const auto session = machine_.session();
    const Error error = expired_error();
    std::erase_if(machine_.waiters, [&](const Waiter& waiter) {
        if (waiter.deadline > now_.boot) return false;
        const bool good =
            session && presentable(*session, now_) && waiter.not_version != session->version;
        if (good) {
            effect(Answer{waiter.id, session});
        } else {
            effect(Answer{waiter.id, error});
        }
        return true;
    });
}

bool Turn::wanted() const {
    const auto* resting = std::get_if<Resting>(&machine_.stage);
    if (resting == nullptr || !resting->renew_at) return false;
    return !machine_.waiters.empty() || (machine_.by_timer && *resting->renew_at <= now_.boot);
}

void Turn::consider() {
    serve();
    if (in<SignedOut>() != nullptr) return make();
    auto* const resting = in<Resting>();
    if (resting == nullptr) return;
    if (hopeless()) {
        if (machine_.peeking) return;  // Perhaps there is another one in the store.
        refuse_hopeless({});
    }
    if (!resting->renew_at) {  // Cannot be renewed: who still waits waits in vain.
        const auto session = resting->session;
        if (!presentable(*session, now_)) {
            need_sign_in(session,
                         {Remedy::sign_in,
                          "the token has expired and the provider gave none to renew it with", ""});
        } else if (!machine_.waiters.empty()) {
            serve_all({Remedy::sign_in, "the token was rejected and cannot be renewed", ""});
        }
        return;
    }
    if (!wanted()) return;
    if (resting->hold && held_until(*resting->hold, machine_.waiters) > now_.boot) {
        // Nobody is made to wait for what cannot come in time.
        const Hold hold = *resting->hold;
        const auto session = resting->session;
        std::erase_if(machine_.waiters, [&](const Waiter& waiter) {
            if (waiter.deadline > hold.until) return false;
            const bool good = presentable(*session, now_) && waiter.not_version != session->version;
            if (good) {
                effect(Answer{waiter.id, session});
            } else {
                effect(Answer{waiter.id, hold.error});
            }
            return true;
        });
        return;
    }
    begin(resting->session);
}

// What other processes wrote of their failures holds for this one too.
std::optional<Hold> Turn::shared_hold() const {
    const auto& journal = machine_.journal;
    if (!journal.not_before) return {};
    const Span left = *journal.not_before - now_.wall;
    // Further away than any hold is written: the clock was set back since.
    if (left <= 0ms || left > 1h + 5min) return {};
    return Hold{now_.boot + left, Error{Remedy::unreachable, journal.last_error, ""}};
}

std::optional<Hold> Turn::hold_after(const std::optional<Hold>& before) const {
    if (before && before->ours && before->until > now_.boot) return before;
    auto shared = shared_hold();
    // The journal keeps the words alone; who saw it happen knows what to do about it, too.
    if (shared && before && before->error.what == shared->error.what) shared->error = before->error;
    return shared;
}

// What is in the store may be behind what a person is needed for, where that could not be saved: it
// is then as dead.
std::optional<Error> Turn::given_up(const Version& version) const {
    const auto& journal = machine_.journal;
    if (!journal.sign_in_needed || journal.stored.lineage != version.lineage ||
        journal.stored.counter < version.counter)
        return {};
    return Error{Remedy::sign_in, *journal.sign_in_needed, ""};
}

void Turn::rest(SessionPtr session) {
    const auto* const before = in<Resting>();
    Resting resting{.session = session,
                    .renew_at = renewal_due(machine_.policy, *session, now_, dice_),
                    .hold = hold_after(before == nullptr ? std::nullopt : before->hold)};
    machine_.stage = std::move(resting);
    consider();
}

void Turn::adopt(SessionPtr session, News news) {
    announce(news, session);
    if (auto error = given_up(session->version))
        return need_sign_in(std::move(session), *std::move(error));
    rest(std::move(session));
}

void Turn::sign_out() {
    const bool had = machine_.session() != nullptr;
    const auto* const before = in<SignedOut>();
    auto hold = machine_.unattended ? hold_after(before == nullptr ? std::nullopt : before->hold)
                                    : std::nullopt;
    machine_.stage = SignedOut{.hold = std::move(hold)};
    if (had) announce(News::signed_out, nullptr);
    if (machine_.unattended) return make();
    serve_all({Remedy::sign_in, "nobody is signed in", ""});
}

void Turn::make() {
    auto* const out = in<SignedOut>();
    if (out == nullptr || !machine_.unattended) return;
    if (!out->hold || out->hold->until <= now_.boot) {
        if (machine_.waiters.empty()) return;
        machine_.stage = Renewing{.session = nothing(), .first = true};
        return effect(TryLock{});
    }
    const Hold hold = *out->hold;
    std::erase_if(machine_.waiters, [&](const Waiter& waiter) {
        if (waiter.deadline > hold.until) return false;
        effect(Answer{waiter.id, hold.error});
        return true;
    });
}

void Turn::need_sign_in(SessionPtr session, Error error) {
    const bool was = in<SignInNeeded>() != nullptr;
    machine_.stage = SignInNeeded{session, error};
    if (!was) announce(News::sign_in_needed, std::move(session), error.what);
    serve_all(error);
}

void Turn::read(Stored stored, News news) {
    if (!stored.journal_error) machine_.journal = std::move(stored.journal);
    const auto held = machine_.session();
    if (const auto* error = std::get_if<stores::StoreError>(&stored.found)) {
        // A dead keychain takes no working credential away; who waited for what it may hold is
        // told.
        if (held) {
            const auto* const resting = in<Resting>();
            const bool stuck = resting != nullptr && !resting->renew_at;
            if (stuck || in<SignInNeeded>() != nullptr) serve_all(error->error);
            refuse_hopeless(error->error);
            return consider();
        }
        machine_.stage = Unreadable{error->error, now_.boot + look_again};
        announce(News::store_failed, nullptr, error->error.what);
        return serve_all(error->error);
    }
    auto* const found = std::get_if<SessionPtr>(&stored.found);
    if (found == nullptr) return sign_out();
    if (!held || moved(held->version, (*found)->version)) return adopt(std::move(*found), news);
    if (in<SignInNeeded>() != nullptr) {
        if (!machine_.journal.sign_in_needed) return rest(held);
        return serve_all(expired_error());
    }
    rest(held);
}

// ---- Events outside of a renewal.

void Turn::on(Started& /*event*/) { peek(); }

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
