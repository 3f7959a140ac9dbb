#include "session/engine.hpp"

#include <algorithm>
#include <utility>

#include "core/try.hpp"
#include "session/engine_impl.hpp"
#include "session/freshness.hpp"

namespace hearth::session {
namespace {

// Runs something once, when dropped.
class OnDrop final : public Ticket {
  public:
    explicit OnDrop(std::move_only_function<void()> run) : run_(std::move(run)) {}
    OnDrop(const OnDrop&) = delete;
    OnDrop& operator=(const OnDrop&) = delete;
    ~OnDrop() override { run_(); }

  private:
    std::move_only_function<void()> run_;
};

}  // namespace

std::string_view to_string(State state) noexcept {
    switch (state) {
        case State::unknown:
            return "unknown";
        case State::signed_out:
            return "signed_out";
        case State::fresh:
            return "fresh";
        case State::renewing:
            return "renewing";
        case State::waiting:
            return "waiting";
        case State::sign_in_needed:
            return "sign_in_needed";
        case State::store_unavailable:
            return "store_unavailable";
    }
    std::unreachable();
}

std::string_view to_string(Event::Kind kind) noexcept {
    switch (kind) {
        case Event::Kind::loaded:
            return "loaded";
        case Event::Kind::renewed:
            return "renewed";
        case Event::Kind::adopted:
            return "adopted";
        case Event::Kind::renewal_failed:
            return "renewal_failed";
        case Event::Kind::sign_in_needed:
            return "sign_in_needed";
        case Event::Kind::sign_in_started:
            return "sign_in_started";
        case Event::Kind::signed_in:
            return "signed_in";
        case Event::Kind::sign_in_failed:
            return "sign_in_failed";
        case Event::Kind::signed_out:
            return "signed_out";
        case Event::Kind::store_failed:
            return "store_failed";
        case Event::Kind::store_recovered:
            return "store_recovered";
    }
    std::unreachable();
}

Engine::Engine(Ports ports, Settings settings)
    : impl_(std::make_unique<Impl>(std::move(ports), std::move(settings))) {}
Engine::~Engine() = default;

void Engine::start(const std::vector<ProfileName>& prefetch_only) {
    for (const auto& [name, entry] : impl_->profiles) {
        if (!prefetch_only.empty() && std::ranges::find(prefetch_only, name) == prefetch_only.end())
            continue;
        if (std::ranges::find(impl_->prefetching, entry.keeper) != impl_->prefetching.end())
            continue;
        impl_->prefetching.push_back(entry.keeper);
        entry.keeper->dispatch(Started{});
    }
    impl_->watch();
}

void Engine::keep() {
    impl_->by_timer = true;
    impl_->configure(impl_->settings);
}

CredentialPtr Engine::warm(const ProfileName& profile, std::optional<Span> min_remaining) {
    const auto found = impl_->profiles.find(profile);
    if (found == impl_->profiles.end() || found->second.provider == nullptr) return nullptr;
    auto& entry = found->second;
    const auto session = entry.keeper->machine().session();
    if (!session ||
        !satisfies(*session, entry.profile->renewal, min_remaining, impl_->ports.clock.now()))
        return nullptr;
    return impl_->credential_of(entry, *session);
}

std::unique_ptr<Ticket> Engine::credential(
    const ProfileName& profile, const Demand& demand,
    std::move_only_function<void(Result<CredentialPtr>)> done) {
    auto entry = impl_->find(profile);
    if (!entry) {
        impl_->ports.loop.post([done = std::move(done), error = entry.error()]() mutable {
            done(std::unexpected(error));
        });
        return std::make_unique<OnDrop>([] {});
    }
    const auto id = impl_->next_id++;
    const auto keeper = (*entry)->keeper;
    impl_->pending.emplace(id, Impl::Pending{profile, keeper, std::move(done)});
    impl_->ask(**entry, id, demand, {});
    return std::make_unique<OnDrop>([weak = std::weak_ptr(impl_->alive), id] {
        const auto self = weak.lock();
        if (!self) return;
        if (auto node = (*self)->pending.extract(id)) node.mapped().keeper->dispatch(Gone{id});
    });
}

std::unique_ptr<Ticket> Engine::rejected(
    const ProfileName& profile, const Secret& token, const Demand& demand,
    std::move_only_function<void(Result<CredentialPtr>)> done) {
    auto entry = impl_->find(profile);
    const auto session = entry ? (*entry)->keeper->machine().session() : nullptr;
    // Not what is handed out now: the caller gets that.
    if (!session || !same_secret(session->access_token, token))
        return credential(profile, demand, std::move(done));
    const auto now = impl_->ports.clock.now();
    const bool young =
        session->lifespan &&
        session->lifespan->lifetime - session->lifespan->remaining(now) < std::chrono::seconds(60);
    if (young || !session->renewable()) {
        const Error error{
            session->renewable() ? Remedy::failed : Remedy::sign_in,
            young ? "the token was rejected within a minute of being issued, so renewing it does "
                    "not help"
                  : "the token was rejected and cannot be renewed",
            young ? "check scopes and organisation: hearth whoami " + profile.text() : ""};
        impl_->ports.loop.post(
            [done = std::move(done), error = impl_->about(profile, error)]() mutable {
                done(std::unexpected(error));
            });
        return std::make_unique<OnDrop>([] {});
    }
    const auto id = impl_->next_id++;
    const auto keeper = (*entry)->keeper;
    impl_->pending.emplace(id, Impl::Pending{profile, keeper, std::move(done)});
    impl_->ask(**entry, id, demand, session->version);
    return std::make_unique<OnDrop>([weak = std::weak_ptr(impl_->alive), id] {
        const auto self = weak.lock();
        if (!self) return;
        if (auto node = (*self)->pending.extract(id)) node.mapped().keeper->dispatch(Gone{id});
    });
}

std::unique_ptr<Ticket> Engine::sign_in(const ProfileName& profile, SignInRequest request,
                                        std::shared_ptr<providers::Person> person,
                                        std::move_only_function<void(Result<SignedIn>)> done) {
    auto entry = impl_->find(profile);
    if (!entry) {
        impl_->ports.loop.post([done = std::move(done), error = entry.error()]() mutable {
            done(std::unexpected(error));
        });
        return std::make_unique<OnDrop>([] {});
    }
    struct Call {
        std::stop_source stop;
        std::move_only_function<void(Result<SignedIn>)> done;
    };
    const auto call = std::make_shared<Call>(Call{{}, std::move(done)});
    (*entry)->keeper->dispatch(YieldAsked{});
    impl_->emit({Event::Kind::sign_in_started, impl_->ports.clock.now().wall, profile, "", {}});
    impl_->ports.workers.run(Work::person, [shelf = impl_->surroundings->shelf,
                                            provider = (*entry)->provider,
                                            settings = (*entry)->profile,
                                            request = std::move(request), person, call,
                                            weak = std::weak_ptr(impl_->alive),
                                            &loop = impl_->ports.loop]() mutable {
        auto placed = session::sign_in(shelf, *provider, *settings, std::move(request), *person,
                                       call->stop.get_token());
        person->on_paste({});
        loop.post([weak, settings, call, placed = std::move(placed)]() mutable {
            const auto self = weak.lock();
            if (!self) return;
            const auto now = (*self)->ports.clock.now().wall;
            auto tell = std::exchange(call->done, nullptr);  // Whoever is told may drop the ticket.
            if (!placed) {
                (*self)->emit(
                    {Event::Kind::sign_in_failed, now, settings->name, placed.error().what, {}});
                if (tell)
                    tell(
                        std::unexpected((*self)->about(settings->name, std::move(placed).error())));
                return;
            }
            SignedIn result{settings->name, placed->session->account, {}, placed->joined};
            if (placed->session->lifespan)
                result.expires_at = placed->session->lifespan->expires_at();
            (*self)->replaced(settings->session, *std::move(placed));
            (*self)->emit({Event::Kind::signed_in, now, settings->name, result.account.label(),
                           result.expires_at});
            if (tell) tell(std::move(result));
        });
    });
    return std::make_unique<OnDrop>([call] {
        call->done = nullptr;
        call->stop.request_stop();
    });
}

void Engine::sign_out(const ProfileName& profile, std::move_only_function<void(Result<>)> done) {
    auto entry = impl_->find(profile);
    if (!entry) {
        impl_->ports.loop.post([done = std::move(done), error = entry.error()]() mutable {
            done(std::unexpected(error));
        });
        return;
    }
    (*entry)->keeper->dispatch(YieldAsked{});
    impl_->ports.workers.run(
        Work::network, [shelf = impl_->surroundings->shelf, provider = (*entry)->provider,
                        settings = (*entry)->profile, weak = std::weak_ptr(impl_->alive),
                        &loop = impl_->ports.loop, done = std::move(done)]() mutable {
            auto placed = session::sign_out(shelf, *provider, *settings, {});
            loop.post([weak, settings, placed = std::move(placed),
                       done = std::move(done)]() mutable {
                const auto self = weak.lock();
                if (!self) return;
                if (!placed)
                    return done(
                        std::unexpected((*self)->about(settings->name, std::move(placed).error())));
                auto leftover = std::move(placed->leftover);
                (*self)->replaced(settings->session, *std::move(placed));
                if (!leftover) return done({});
                leftover->what =
                    "signed out here, but the provider could not be told: " + leftover->what;
                leftover->remedy = Remedy::unreachable;
                done(std::unexpected((*self)->about(settings->name, *std::move(leftover))));
            });
        });
}

void Engine::whoami(const ProfileName& profile,
                    std::move_only_function<void(Result<std::vector<providers::Fact>>)> done) {
    // A fresh credential first; the provider is then asked with the session that it came from.
    auto entry = impl_->find(profile);
    if (!entry) {
        impl_->ports.loop.post([done = std::move(done), error = entry.error()]() mutable {
            done(std::unexpected(error));
        });
        return;
    }
    const auto id = impl_->next_id++;
    auto ask_provider = [this, profile,
                         done = std::move(done)](Result<CredentialPtr> fresh) mutable {
        if (!fresh) return done(std::unexpected(std::move(fresh).error()));
        auto found = impl_->find(profile);
        const auto session = found ? (*found)->keeper->machine().session() : nullptr;
        if (!session)
            return done(std::unexpected(
                impl_->about(profile, {Remedy::sign_in, "nobody is signed in", ""})));
        impl_->ports.workers.run(Work::network, [provider = (*found)->provider,
                                                 settings = (*found)->profile, session,
                                                 weak = std::weak_ptr(impl_->alive),
                                                 &loop = impl_->ports.loop,
                                                 done = std::move(done)]() mutable {
            auto facts = provider->whoami(*settings, *session, {});
            loop.post([weak, settings, facts = std::move(facts), done = std::move(done)]() mutable {
                const auto self = weak.lock();
                if (!self) return;
                if (!facts)
                    return done(
                        std::unexpected((*self)->about(settings->name, std::move(facts).error())));
                done(std::move(facts));
            });
        });
    };
    impl_->pending.emplace(id, Impl::Pending{profile, (*entry)->keeper, std::move(ask_provider)});
    impl_->ask(**entry, id, {}, {});
}

Result<ProfileStatus> Engine::status(const ProfileName& profile) {
    auto* const entry = HEARTH_TRY(impl_->find(profile));
    return impl_->status_of(profile, *entry);
}

std::vector<ProfileStatus> Engine::status() {
    std::vector<ProfileStatus> all;
    for (const auto& [name, entry] : impl_->profiles) all.push_back(impl_->status_of(name, entry));
    return all;
}

void Engine::when_loaded(std::move_only_function<void()> done) {
    impl_->waiting_for_load.push_back(std::move(done));
    impl_->ports.loop.post([weak = std::weak_ptr(impl_->alive)] {
        if (const auto self = weak.lock()) (*self)->check_loaded();
    });
}

std::unique_ptr<Ticket> Engine::subscribe(std::function<void(const Event&)> on_event) {
    const auto id = impl_->next_id++;
    impl_->subscribers.emplace(id, std::move(on_event));
    return std::make_unique<OnDrop>([weak = std::weak_ptr(impl_->alive), id] {
        if (const auto self = weak.lock()) (*self)->subscribers.erase(id);
    });
}

void Engine::unlock_store(Secret passphrase, std::move_only_function<void(Result<>)> done) {
    impl_->ports.workers.run(
        Work::person, [shelf = impl_->surroundings->shelf, passphrase = std::move(passphrase),
                       weak = std::weak_ptr(impl_->alive), &loop = impl_->ports.loop,
                       done = std::move(done)]() mutable {
            auto opened = shelf.store.unlock(passphrase);
            loop.post([weak, opened = std::move(opened), done = std::move(done)]() mutable {
                const auto self = weak.lock();
                if (!self) return;
                if (!opened) return done(std::unexpected(std::move(opened).error().error));
                for (const auto& [id, keeper] : (*self)->keepers) keeper->dispatch(Started{});
                done({});
            });
        });
}

void Engine::lock_store() {
    impl_->ports.store.lock();
    for (const auto& [id, keeper] : impl_->keepers) keeper->dispatch(Forgotten{});
}

void Engine::configure(Settings settings) {
    impl_->configure(std::move(settings));
    // Profiles that are new, or came back, are read at once.
    for (const auto& [name, entry] : impl_->profiles) {
        if (std::holds_alternative<Unread>(entry.keeper->machine().stage))
            entry.keeper->dispatch(Started{});
    }
}

const Settings& Engine::settings() const noexcept { return impl_->settings; }

bool Engine::busy() const noexcept {
    return std::ranges::any_of(impl_->keepers,
                               [](const auto& one) { return one.second->machine().busy(); });
}

std::shared_ptr<const Publication> Engine::publication(const ProfileName& profile) const {
    const auto found = impl_->profiles.find(profile);
    return found == impl_->profiles.end() ? nullptr : found->second.publication;
}

}  // namespace hearth::session
