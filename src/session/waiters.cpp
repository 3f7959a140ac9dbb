// Who waits for a session: what they are answered with, and when no longer.
#include <algorithm>

#include "session/turn.hpp"

namespace hearth::session {
namespace {

using namespace std::chrono_literals;

constexpr Span too_young = 60s;  // What is rejected sooner is not rejected for its age.

}  // namespace

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
    if (!session || !waiter.min_remaining) return {};
    const auto& lifespan = session->lifespan;
    if (!lifespan || *waiter.min_remaining <= lifespan->lifetime) return {};
    return Error{Remedy::usage,
                 "a token with " + to_string(*waiter.min_remaining) +
                     " left was asked for, but the provider issues them for " +
                     to_string(lifespan->lifetime),
                 "ask for less"};
}

// A rejected token that renewing would not make a better one.
std::optional<Error> Turn::hopeless(const Waiter& waiter) const {
    const auto session = machine_.session();
    if (!session || waiter.not_version != session->version) return {};
    if (!session->renewable())
        return Error{Remedy::sign_in, "the token was rejected and cannot be renewed", ""};
    const auto& lifespan = session->lifespan;
    if (!lifespan) return {};
    const Span age = lifespan->lifetime - lifespan->remaining(now_);
    if (waiter.outdated || age >= too_young) return {};
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

}  // namespace hearth::session
