#include "session/engine_impl.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "session/freshness.hpp"

namespace hearth::session {

using namespace std::chrono_literals;

namespace {

// Many, so that a slow keychain is asked in parallel; not all, so that whoever asks for one session
// does not wait until a hundred thousand others were read.
constexpr std::size_t reads_at_once = 64;

}  // namespace

Engine::Impl::Impl(Ports outside, Settings with) : ports(std::move(outside)) {
    surroundings = make_surroundings(with.rate);
    configure(std::move(with));
}

Engine::Impl::~Impl() {
    for (const auto& [id, session] : sessions) session.keeper->retire();
    for (const auto& keeper : leaving) keeper->retire();
}

std::shared_ptr<Surroundings> Engine::Impl::make_surroundings(const RateLimit& rate) {
    const Shelf shelf{ports.clock, ports.random, ports.locks, ports.journals, ports.store};
    return std::make_shared<Surroundings>(Surroundings{
        .shelf = shelf,
        .loop = ports.loop,
        .workers = ports.workers,
        .limiter = RateLimiter(rate),
        .process = ports.process,
        .on_answer =
            [weak = std::weak_ptr(alive)](std::uint64_t waiter,
                                          std::variant<SessionPtr, Error> with) {
                if (const auto self = weak.lock()) (*self)->on_answer(waiter, std::move(with));
            },
        .on_announce =
            [weak = std::weak_ptr(alive)](const Keeper& from, const Announce& announce) {
                if (const auto self = weak.lock()) (*self)->on_announce(from, announce);
            },
        .on_read =
            [weak = std::weak_ptr(alive)](const Keeper& from) {
                if (const auto self = weak.lock()) (*self)->on_read(from);
            },
        .on_base = [weak = std::weak_ptr(alive)](
                       const ProfileName& base,
                       std::move_only_function<void(Result<providers::Base>)> done)
            -> std::shared_ptr<void> {
            const auto self = weak.lock();
            return self ? (*self)->base_credential(base, std::move(done)) : nullptr;
        }});
}

std::unique_ptr<Ticket> Engine::Impl::base_credential(
    const ProfileName& base, std::move_only_function<void(Result<providers::Base>)> done) {
    auto entry = find(base);
    if (!entry) {
        ports.loop.post([done = std::move(done), error = std::move(entry).error()]() mutable {
            done(std::unexpected(std::move(error)));
        });
        return nullptr;
    }
    return enlist(**entry, {}, {},
                  [profile = (*entry)->profile,
                   done = std::move(done)](Result<CredentialPtr> credential) mutable {
                      if (!credential) return done(std::unexpected(std::move(credential).error()));
                      done(providers::Base{std::move(profile), *std::move(credential)});
                  });
}

Engine::Impl::Kept& Engine::Impl::kept(const SessionId& id) {
    auto& session = sessions[id];
    if (session.keeper) return session;
    const auto left =
        std::ranges::find_if(leaving, [&](const auto& keeper) { return keeper->id() == id; });
    if (left == leaving.end()) {
        session.keeper = std::make_shared<Keeper>(surroundings, id);
    } else {
        session.keeper = std::move(*left);
        leaving.erase(left);
    }
    return session;
}

void Engine::Impl::configure(Settings with) {
    settings = std::move(with);
    surroundings->limiter.set(settings.rate);
    std::erase_if(leaving, [](const auto& keeper) { return !keeper->machine().busy(); });
    for (auto& [id, session] : sessions) session.entries.clear();
    std::map<ProfileName, ProfileEntry> next;
    for (const auto& [name, profile] : settings.profiles) {
        const auto provider = ports.providers.find(profile->provider);
        auto& session = kept(profile->session);
        auto& entry = next.emplace(name, ProfileEntry{}).first->second;
        entry.profile = profile;
        entry.provider = provider == ports.providers.end() ? nullptr : provider->second;
        entry.keeper = session.keeper;
        const auto before = profiles.find(name);
        entry.publication =
            before == profiles.end() ? std::make_shared<Publication>() : before->second.publication;
        find_given(entry);
        session.entries.push_back(&entry);
    }
    profiles = std::move(next);
    std::erase_if(sessions, [this](const auto& one) {
        if (!one.second.entries.empty()) return false;
        prefetching.erase(one.first);
        reading.erase(one.first);
        // What is under way ends, so that no token is lost; then nothing holds it any more.
        one.second.keeper->configure(nullptr, nullptr, {}, false);
        if (one.second.keeper->machine().busy()) leaving.push_back(one.second.keeper);
        return true;
    });
    for (auto& [name, entry] : profiles) {
        const auto& entries = sessions.at(entry.profile->session).entries;
        const auto& owner = owner_of(entries);
        entry.keeper->configure(owner.provider, owner.profile, policy_of(entries), by_timer);
        publish(entry);
    }
}

// A session that several profiles share is renewed by the settings of the one that it is named for.
const Engine::Impl::ProfileEntry& Engine::Impl::owner_of(
    const std::vector<ProfileEntry*>& entries) {
    const auto owner = std::ranges::find_if(entries, [](const ProfileEntry* entry) {
        return entry->profile->name == entry->profile->session;
    });
    return owner == entries.end() ? *entries.back() : **owner;
}

// A session that several profiles share is renewed for the most demanding of them.
RenewalPolicy Engine::Impl::policy_of(const std::vector<ProfileEntry*>& entries) {
    RenewalPolicy policy = entries.front()->profile->renewal;
    for (const auto* const entry : entries) {
        const auto& wanted = entry->profile->renewal;
        policy.refresh_before = std::max(policy.refresh_before, wanted.refresh_before);
        policy.min_remaining = std::max(policy.min_remaining, wanted.min_remaining);
        policy.least_part = std::min(policy.least_part, wanted.least_part);
    }
    return policy;
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
        const auto& session = *std::get<SessionPtr>(with);
        if (!asked.asked_again && outdated(**entry, session)) {
            asked.asked_again = true;
            pending.insert(std::move(node));
            // Not from within the keeper's turn.
            ports.loop.post([weak = std::weak_ptr(alive), waiter] {
                if (const auto self = weak.lock()) (*self)->ask_again(waiter);
            });
            return;
        }
        if (auto refused = refusal(**entry, session)) {
            answer = std::unexpected(about(asked.profile, *std::move(refused)));
        } else {
            answer = credential_of(**entry, session);
        }
    }
    ports.loop.post([done = std::move(asked.done), answer = std::move(answer)]() mutable {
        done(std::move(answer));
    });
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
    const auto session = sessions.find(keeper.id());
    if (session == sessions.end() || session->second.keeper.get() != &keeper) return;
    for (auto* const entry : session->second.entries) {
        publish(*entry);
        Event event{.kind = kinds.at(static_cast<std::size_t>(announce.news)),
                    .at = now,
                    .profile = entry->profile->name,
                    .text = announce.text,
                    .expires_at = {}};
        if (announce.session) {
            if (const auto& lifespan = announce.session->lifespan)
                event.expires_at = lifespan->expires_at();
        }
        emit(std::move(event));
        tell_of_refusal(*entry, announce);
    }
}

void Engine::Impl::tell_of_rejection(const ProfileName& profile) {
    emit({.kind = Event::Kind::rejected,
          .at = ports.clock.now().wall,
          .profile = profile,
          .text = {}});
}

// A renewal may have brought a session of another organisation; it is kept, and not handed out.
void Engine::Impl::tell_of_refusal(const ProfileEntry& entry, const Announce& announce) {
    const bool news = announce.news == News::loaded || announce.news == News::renewed ||
                      announce.news == News::adopted;
    if (!news || !announce.session) return;
    auto refused = refusal(entry, *announce.session);
    if (!refused) return;
    emit({.kind = Event::Kind::refused,
          .at = ports.clock.now().wall,
          .profile = entry.profile->name,
          .text = std::move(refused->what),
          .expires_at = {}});
}

void Engine::Impl::prefetch(const ProfileEntry& entry) {
    const auto& id = entry.profile->session;
    if (!std::holds_alternative<Unread>(entry.keeper->machine().stage)) return;
    if (prefetching.insert(id).second) unread.push_back(id);
}

void Engine::Impl::read_more() {
    while (reading.size() < reads_at_once && !unread.empty()) {
        const auto session = sessions.find(unread.front());
        unread.pop_front();
        if (session == sessions.end()) continue;
        const auto& machine = session->second.keeper->machine();
        // Somebody who asked was quicker.
        if (!std::holds_alternative<Unread>(machine.stage) || machine.peeking) continue;
        reading.insert(session->first);
        session->second.keeper->dispatch(Started{});
    }
}

void Engine::Impl::on_read(const Keeper& keeper) {
    if (reading.erase(keeper.id()) != 0) read_more();
    if (prefetching.erase(keeper.id()) == 0 || !prefetching.empty()) return;
    ports.loop.post([weak = std::weak_ptr(alive)] {
        if (const auto self = weak.lock()) (*self)->check_loaded();
    });
}

void Engine::Impl::check_loaded() {
    if (!prefetching.empty()) return;
    for (auto& done : std::exchange(waiting_for_load, {})) done();
}

void Engine::Impl::replaced(const SessionId& id, Placed placed, Loan& loan) {
    Replaced event{std::move(placed.session), std::move(placed.journal)};
    const auto found = sessions.find(id);
    const auto keeper = found == sessions.end() ? nullptr : found->second.keeper;
    const auto lender = loan.keeper();
    if (lender && lender == keeper) return keeper->end(loan, std::move(event));
    if (lender) lender->end(loan, {});
    if (keeper) keeper->dispatch(std::move(event));
}

void Engine::Impl::watch() {
    auto watching =
        ports.journals.watch([weak = std::weak_ptr(alive), &loop = ports.loop](SessionId id) {
            loop.post([weak, id = std::move(id)] {
                const auto self = weak.lock();
                if (!self) return;
                if (const auto found = (*self)->sessions.find(id); found != (*self)->sessions.end())
                    found->second.keeper->journal_changed();
            });
        });
    // Without a watch other processes' renewals are found when the lock is taken; nothing is wrong,
    // only later.
    if (watching) journal_watch = *std::move(watching);
}

void Engine::Impl::add_session(ProfileStatus& status, const ProfileEntry& entry,
                               const Session& session) const {
    status.kind = session.kind;
    status.fingerprint = fingerprint_of(session);
    status.account = session.account;
    status.scopes = session.scopes;
    status.version = session.version;
    status.refresh_expires_at = session.refresh_expires_at;
    if (session.lifespan) {
        status.remaining = session.lifespan->remaining(ports.clock.now());
        status.expires_at = session.lifespan->expires_at();
        if (!session.renewable() && *status.remaining <= 0ms) status.state = State::sign_in_needed;
    }
    if (auto refused = refusal(entry, session)) {
        status.state = State::refused;
        status.last_error = std::move(refused->what);
    }
}

}  // namespace hearth::session
