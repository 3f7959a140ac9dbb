// Where a session stands while nothing is under way, and what is to be done about it.
#include "session/turn.hpp"

namespace hearth::session {

using namespace std::chrono_literals;

namespace {

// What a session that is made without a person is made out of.
SessionPtr nothing() {
    static const SessionPtr empty = [] {
        auto session = std::make_shared<Session>();
        session->unattended = true;
        return session;
    }();
    return empty;
}

}  // namespace

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
    if (!machine_.unheld && resting->hold &&
        held_until(*resting->hold, machine_.waiters) > now_.boot) {
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
    const auto renew_at = renewal_due(machine_.policy, *session, now_, dice_);
    Resting resting{.session = std::move(session),
                    .renew_at = renew_at,
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
    if (machine_.unheld || !out->hold || out->hold->until <= now_.boot) {
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
    machine_.stage = SignInNeeded{session, std::move(error)};
    const auto& needed = std::get<SignInNeeded>(machine_.stage);
    if (!was) announce(News::sign_in_needed, std::move(session), needed.error.what);
    serve_all(needed.error);
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

}  // namespace hearth::session
