// What a profile makes of the session that it rests on: its credential, its status, what is said of
// it.
#include <algorithm>

#include "session/engine_impl.hpp"
#include "session/freshness.hpp"
#include "session/organization.hpp"

namespace hearth::session {

Result<Engine::Impl::ProfileEntry*> Engine::Impl::find(const ProfileName& name) {
    const auto found = profiles.find(name);
    if (found == profiles.end()) {
        return std::unexpected(Error{Remedy::usage, "no profile is called '" + name.text() + "'",
                                     "hearth profile list, or hearth profile add " + name.text() +
                                         " --provider oidc --issuer URL"});
    }
    if (found->second.provider == nullptr) {
        return std::unexpected(Error{
            Remedy::usage, "'" + name.text() + "' names a provider that this hearth does not have",
            "hearth profile show " + name.text()});
    }
    return &found->second;
}

Error Engine::Impl::about(const ProfileName& name, Error error) const {
    error.what = name.text() + ": " + error.what;
    if (error.remedy == Remedy::sign_in && error.hint.empty())
        error.hint = "hearth login " + name.text();
    return error;
}

// What was given has no sign-in behind it; to a provider it is a session that ends with the
// process.
SessionPtr Engine::Impl::session_of(const Profile& profile, const sources::Source& source,
                                    Secret token) {
    auto made = std::make_shared<Session>();
    made->provider = profile.provider;
    made->kind = source.kind;
    made->access_token = std::move(token);
    return made;
}

void Engine::Impl::find_given(ProfileEntry& entry) const {
    if (entry.provider == nullptr) return;
    for (const auto& source : sources::all()) {
        const auto found = given.find(&source);
        if (found == given.end() || !source.serves(entry.profile->provider)) continue;
        entry.source = &source;
        if (auto allowed = organization_allowed(*entry.profile, source.name); !allowed) {
            entry.given = std::unexpected(about(entry.profile->name, std::move(allowed).error()));
            return;
        }
        if (!found->second) {
            entry.given = std::unexpected(about(entry.profile->name, found->second.error()));
            return;
        }
        entry.given_session = session_of(*entry.profile, source, found->second->clone());
        entry.given = entry.provider->credential(*entry.profile, *entry.given_session);
        return;
    }
}

void Engine::Impl::answer_given(const ProfileEntry& entry,
                                std::move_only_function<void(Result<CredentialPtr>)> done) {
    if (const auto& answer = entry.given) {
        ports.loop.post(
            [done = std::move(done), answer = *answer]() mutable { done(std::move(answer)); });
    }
}

void Engine::Impl::ask_provider(
    const ProfileEntry& entry, SessionPtr session,
    std::move_only_function<void(Result<std::vector<providers::Fact>>)> done) {
    ports.workers.run(Work::network, [provider = entry.provider, profile = entry.profile,
                                      session = std::move(session), weak = std::weak_ptr(alive),
                                      &loop = ports.loop, done = std::move(done)]() mutable {
        auto facts = provider->whoami(*profile, *session, {});
        loop.post([weak, profile, session = std::move(session), facts = std::move(facts),
                   done = std::move(done)]() mutable {
            const auto self = weak.lock();
            if (!self) return;
            if (!facts)
                return done(
                    std::unexpected((*self)->about(profile->name, std::move(facts).error())));
            if (auto fingerprint = (*self)->fingerprint_of(*session); !fingerprint.empty())
                facts->push_back({"fingerprint", std::move(fingerprint)});
            done(std::move(facts));
        });
    });
}

std::optional<Error> Engine::Impl::refusal(const ProfileEntry& entry, const Session& session) {
    if (entry.profile->required_organizations.empty()) return {};
    auto allowed = organization_allowed(*entry.profile, session.account);
    if (allowed) return {};
    return std::move(allowed).error();
}

std::string Engine::Impl::fingerprint_of(const Session& session) const {
    if (session.kind != Credential::Kind::api_key || ports.fingerprints == nullptr) return {};
    return ports.fingerprints->of(session.access_token);
}

CredentialPtr Engine::Impl::credential_of(ProfileEntry& entry, const Session& session) const {
    if (entry.credential && entry.credential->version() == session.version) return entry.credential;
    auto made = entry.provider->credential(*entry.profile, session);
    const auto current = entry.keeper->machine().session();
    if (current && current->version == session.version) entry.credential = made;
    return made;
}

void Engine::Impl::ask(ProfileEntry& entry, std::uint64_t waiter, const Demand& demand,
                       std::optional<Version> rejected) {
    const Span deadline = ports.clock.now().boot + demand.patience;
    look_at_basis(entry);
    if (demand.anew) entry.keeper->dispatch(MaterialChanged{});
    const auto session = entry.keeper->machine().session();
    const bool old = session && (demand.anew || outdated(entry, *session));
    if (old) rejected = session->version;
    entry.keeper->dispatch(Asked{Waiter{waiter, demand.min_remaining, deadline, std::move(rejected),
                                        entry.profile->renewal.min_remaining, old}});
}

void Engine::Impl::ask_again(std::uint64_t waiter) {
    const auto found = pending.find(waiter);
    if (found == pending.end()) return;
    const auto& asked = found->second;
    if (auto entry = find(asked.profile)) return ask(**entry, waiter, asked.demand, {});
    on_answer(waiter, Error{Remedy::usage, "the profile was removed meanwhile", ""});
}

bool Engine::Impl::outdated(const ProfileEntry& entry, const Session& session) const {
    const auto made_of = session.facts.find(providers::basis_fact);
    if (made_of == session.facts.end()) return false;
    const auto& owner = owner_of(sessions.at(entry.profile->session).entries);
    if (owner.provider == nullptr) return false;
    const auto present = owner.provider->basis(*owner.profile);
    return !present.empty() && present != made_of->second;
}

// What failed before it was changed says nothing of the next try.
void Engine::Impl::look_at_basis(const ProfileEntry& entry) {
    auto& kept = sessions.at(entry.profile->session);
    const auto& owner = owner_of(kept.entries);
    if (owner.provider == nullptr) return;
    auto basis = owner.provider->basis(*owner.profile);
    if (basis == kept.basis) return;
    const bool first = std::exchange(kept.basis, std::move(basis)).empty();
    if (!first) entry.keeper->dispatch(MaterialChanged{});
}

std::unique_ptr<Ticket> Engine::Impl::enlist(
    ProfileEntry& entry, const Demand& demand, std::optional<Version> rejected,
    std::move_only_function<void(Result<CredentialPtr>)> done) {
    const auto id = next_id++;
    pending.emplace(id, Pending{entry.profile->name, entry.keeper, std::move(done), demand});
    ask(entry, id, demand, std::move(rejected));
    return std::make_unique<OnDrop>([weak = std::weak_ptr(alive), id] {
        const auto self = weak.lock();
        if (!self) return;
        if (auto node = (*self)->pending.extract(id)) node.mapped().keeper->dispatch(Gone{id});
    });
}

void Engine::Impl::publish(ProfileEntry& entry) {
    if (entry.given) {
        if (entry.publication->generation() == 0 && *entry.given)
            entry.publication->publish({.credential = **entry.given});
        return;
    }
    const auto session = entry.keeper->machine().session();
    if (!session || entry.provider == nullptr || refusal(entry, *session)) {
        entry.credential.reset();
        if (entry.publication->generation() != 0) entry.publication->publish({});
        return;
    }
    Publication::View view;
    view.credential = credential_of(entry, *session);
    if (const auto& lifespan = session->lifespan) {
        const auto now = ports.clock.now();
        const Span spare = lifespan->remaining(now) -
                           floor(entry.profile->renewal, lifespan->lifetime, std::nullopt);
        const bool trusted = lifespan->trusted(now);
        view.warm_until_boot = trusted ? now.boot + spare : Span::min();
        if (lifespan->issued.boot_id != now.boot_id) view.warm_until_wall = now.wall + spare;
    }
    entry.publication->publish(std::move(view));
}

ProfileStatus Engine::Impl::status_of(const ProfileName& name, const ProfileEntry& entry) const {
    const auto& machine = entry.keeper->machine();
    const auto now = ports.clock.now();
    ProfileStatus status{.profile = name,
                         .provider = entry.profile->provider,
                         .source = ports.store_name + " session"};
    if (entry.given) {
        status.source = entry.source->name;
        status.state = *entry.given ? State::fresh : State::unknown;
        if (!*entry.given) status.last_error = entry.given->error().what;
        return status;
    }
    status.last_error = machine.journal.last_error;
    status.server_skew = machine.server_skew;
    status.renewed_at = machine.journal.renewed_at;
    status.renewed_by = machine.journal.renewed_by;
    if (const auto* const unreadable = std::get_if<Unreadable>(&machine.stage)) {
        status.state = State::store_unavailable;
        status.last_error = unreadable->error.what;
    } else if (const auto* const out = std::get_if<SignedOut>(&machine.stage)) {
        status.state = State::signed_out;
        if (out->hold && out->hold->until > now.boot) status.last_error = out->hold->error.what;
    } else if (const auto* const needed = std::get_if<SignInNeeded>(&machine.stage)) {
        status.state = State::sign_in_needed;
        status.last_error = needed->error.what;
    } else if (std::holds_alternative<Renewing>(machine.stage)) {
        status.state = entry.keeper->queued() ? State::waiting : State::renewing;
    } else if (const auto* const unsaved = std::get_if<Unsaved>(&machine.stage)) {
        status.state = State::store_unavailable;
        status.last_error = unsaved->error.what;
    } else if (const auto* const resting = std::get_if<Resting>(&machine.stage)) {
        status.state = State::fresh;
        if (resting->hold && resting->hold->until > now.boot) {
            status.state = State::waiting;
            status.last_error = resting->hold->error.what;
        }
        if (resting->renew_at) {
            const Span due = resting->hold ? std::max(*resting->renew_at, resting->hold->until)
                                           : *resting->renew_at;
            status.renews_at = now.wall + (due - now.boot);
        }
    }
    if (const auto session = machine.session()) add_session(status, entry, *session);
    return status;
}

}  // namespace hearth::session
