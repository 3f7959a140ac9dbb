#include "session/engine_impl.hpp"

#include <algorithm>
#include <array>

#include "core/try.hpp"
#include "session/freshness.hpp"

namespace hearth::session {

using namespace std::chrono_literals;

Engine::Impl::Impl(Ports given, Settings with) : ports(std::move(given)) {
    const Shelf shelf{ports.clock, ports.random, ports.locks, ports.journals, ports.store};
    surroundings = std::make_shared<Surroundings>(
        Surroundings{shelf, ports.loop, ports.workers, RateLimiter(with.rate), ports.process});
    configure(std::move(with));
}

Engine::Impl::~Impl() {
    for (const auto& [id, keeper] : keepers) keeper->retire();
}

std::shared_ptr<Keeper> Engine::Impl::keeper_for(const SessionId& id) {
    if (const auto found = keepers.find(id); found != keepers.end()) return found->second;
    auto keeper = std::make_shared<Keeper>(
        surroundings, id,
        [weak = std::weak_ptr(alive)](std::uint64_t waiter, std::variant<SessionPtr, Error> with) {
            if (const auto self = weak.lock()) (*self)->on_answer(waiter, std::move(with));
        },
        [weak = std::weak_ptr(alive)](const Keeper& from, const Announce& announce) {
            if (const auto self = weak.lock()) (*self)->on_announce(from, announce);
        });
    keepers.emplace(id, keeper);
    return keeper;
}

void Engine::Impl::configure(Settings with) {
    settings = std::move(with);
    surroundings->limiter.set(settings.rate);
    std::map<ProfileName, ProfileEntry> next;
    std::map<SessionId, RenewalPolicy> policies;
    for (const auto& [name, profile] : settings.profiles) {
        const auto provider = ports.providers.find(profile.provider);
        auto& entry = next.emplace(name, ProfileEntry{}).first->second;
        entry.profile = std::make_shared<const Profile>(profile);
        entry.provider = provider == ports.providers.end() ? nullptr : provider->second;
        entry.keeper = keeper_for(profile.session);
        const auto before = profiles.find(name);
        entry.publication =
            before == profiles.end() ? std::make_shared<Publication>() : before->second.publication;
        // A session that several profiles share is renewed for the most demanding of them.
        auto& policy = policies.try_emplace(profile.session, profile.renewal).first->second;
        policy.refresh_before = std::max(policy.refresh_before, profile.renewal.refresh_before);
        policy.min_remaining = std::max(policy.min_remaining, profile.renewal.min_remaining);
    }
    profiles = std::move(next);
    std::erase_if(keepers, [&](const auto& one) {
        if (policies.contains(one.first)) return false;
        // What is under way ends, so that no token is lost; then nothing holds it any more.
        one.second->configure(nullptr, nullptr, {}, false);
        return true;
    });
    for (auto& [name, entry] : profiles) {
        entry.keeper->configure(entry.provider, entry.profile, policies.at(entry.profile->session),
                                by_timer);
        publish(entry);
    }
}

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
    entry.keeper->dispatch(
        Asked{Waiter{waiter, demand.min_remaining, deadline, std::move(rejected)}});
}

void Engine::Impl::on_answer(std::uint64_t waiter, std::variant<SessionPtr, Error> with) {
    auto node = pending.extract(waiter);
    if (node.empty()) return;
    auto& asked = node.mapped();
    Result<CredentialPtr> answer = std::unexpected(
        Error{Remedy::usage, "the profile was removed meanwhile", "hearth profile list"});
    if (auto* const error = std::get_if<Error>(&with)) {
        answer = std::unexpected(about(asked.profile, std::move(*error)));
    } else if (const auto entry = find(asked.profile)) {
        answer = credential_of(**entry, *std::get<SessionPtr>(with));
    }
    ports.loop.post([done = std::move(asked.done), answer = std::move(answer)]() mutable {
        done(std::move(answer));
    });
}

void Engine::Impl::publish(ProfileEntry& entry) {
    const auto session = entry.keeper->machine().session();
    if (!session || entry.provider == nullptr) {
        entry.credential.reset();
        if (entry.publication->generation() != 0) entry.publication->publish({});
        return;
    }
    Publication::View view;
    view.credential = credential_of(entry, *session);
    if (session->lifespan) {
        const auto now = ports.clock.now();
        const Span spare = session->lifespan->remaining(now) -
                           floor(entry.profile->renewal, session->lifespan->lifetime, std::nullopt);
        const bool trusted = session->lifespan->trusted(now);
        view.warm_until_boot = trusted ? now.boot + spare : Span::min();
        if (session->lifespan->issued.boot_id != now.boot_id)
            view.warm_until_wall = now.wall + spare;
    }
    entry.publication->publish(std::move(view));
}

void Engine::Impl::emit(Event event) {
    if (subscribers.empty()) return;
    ports.loop.post([weak = std::weak_ptr(alive), event = std::move(event)] {
        const auto self = weak.lock();
        if (!self) return;
        const auto listeners =
            (*self)
                ->subscribers;  // One that unsubscribes while it is told must not break the walk.
        for (const auto& [id, on_event] : listeners) {
            if ((*self)->subscribers.contains(id)) on_event(event);
        }
    });
}

void Engine::Impl::on_announce(const Keeper& keeper, const Announce& announce) {
    static constexpr std::array kinds{Event::Kind::loaded,         Event::Kind::renewed,
                                      Event::Kind::adopted,        Event::Kind::renewal_failed,
                                      Event::Kind::sign_in_needed, Event::Kind::signed_out,
                                      Event::Kind::store_failed,   Event::Kind::store_recovered};
    const auto now = ports.clock.now().wall;
    for (auto& [name, entry] : profiles) {
        if (entry.keeper.get() != &keeper) continue;
        publish(entry);
        Event event{.kind = kinds.at(static_cast<std::size_t>(announce.news)),
                    .at = now,
                    .profile = name,
                    .text = announce.text,
                    .expires_at = {}};
        if (announce.session && announce.session->lifespan)
            event.expires_at = announce.session->lifespan->expires_at();
        emit(std::move(event));
    }
    ports.loop.post([weak = std::weak_ptr(alive)] {
        if (const auto self = weak.lock()) (*self)->check_loaded();
    });
}

void Engine::Impl::check_loaded() {
    std::erase_if(prefetching, [](const auto& keeper) {
        return !std::holds_alternative<Unread>(keeper->machine().stage);
    });
    if (!prefetching.empty()) return;
    for (auto& done : std::exchange(waiting_for_load, {})) done();
}

void Engine::Impl::replaced(const SessionId& id, Placed placed) {
    if (const auto found = keepers.find(id); found != keepers.end()) {
        found->second->dispatch(Replaced{std::move(placed.session), std::move(placed.journal)});
    }
}

void Engine::Impl::watch() {
    auto watching =
        ports.journals.watch([weak = std::weak_ptr(alive), &loop = ports.loop](SessionId id) {
            loop.post([weak, id = std::move(id)] {
                const auto self = weak.lock();
                if (!self) return;
                if (const auto found = (*self)->keepers.find(id); found != (*self)->keepers.end())
                    found->second->journal_changed();
            });
        });
    // Without a watch other processes' renewals are found when the lock is taken; nothing is wrong,
    // only later.
    if (watching) journal_watch = *std::move(watching);
}

ProfileStatus Engine::Impl::status_of(const ProfileName& name, const ProfileEntry& entry) const {
    const auto& machine = entry.keeper->machine();
    const auto now = ports.clock.now();
    ProfileStatus status{.profile = name,
                         .provider = entry.profile->provider,
                         .source = ports.store_name + " session"};
    status.last_error = machine.journal.last_error;
    status.server_skew = machine.server_skew;
    status.renewed_at = machine.journal.renewed_at;
    status.renewed_by = machine.journal.renewed_by;
    if (const auto* const unreadable = std::get_if<Unreadable>(&machine.stage)) {
        status.state = State::store_unavailable;
        status.last_error = unreadable->error.what;
    } else if (std::holds_alternative<SignedOut>(machine.stage)) {
        status.state = State::signed_out;
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
    const auto session = machine.session();
    if (!session) return status;
    status.account = session->account;
    status.scopes = session->scopes;
    status.version = session->version;
    status.refresh_expires_at = session->refresh_expires_at;
    if (session->lifespan) {
        status.remaining = session->lifespan->remaining(now);
        status.expires_at = session->lifespan->expires_at();
        if (!session->renewable() && *status.remaining <= 0ms) status.state = State::sign_in_needed;
    }
    return status;
}

}  // namespace hearth::session
