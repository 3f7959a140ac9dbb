#include "session/engine.hpp"

#include <algorithm>
#include <utility>

#include "core/try.hpp"
#include "session/engine_impl.hpp"
#include "session/freshness.hpp"

namespace hearth::session {
namespace {

// Runs something once, when dropped.
template <class T>
void fail_later(Loop& loop, std::move_only_function<void(Result<T>)> done, Error error) {
    loop.post([done = std::move(done), error = std::move(error)]() mutable {
        done(std::unexpected(std::move(error)));
    });
}

// For what has ended before it could be cancelled.
std::unique_ptr<Ticket> nothing_to_cancel() {
    return std::make_unique<OnDrop>([] {});
}

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
        case State::refused:
            return "refused";
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
        case Event::Kind::helper_ran:
            return "helper_ran";
        case Event::Kind::sink_written:
            return "sink_written";
        case Event::Kind::sink_failed:
            return "sink_failed";
        case Event::Kind::refused:
            return "refused";
        case Event::Kind::rejected:
            return "rejected";
        case Event::Kind::handed_out:
            return "handed_out";
    }
    std::unreachable();
}

Engine::Engine(Ports ports, Settings settings)
    : impl_(std::make_unique<Impl>(std::move(ports), std::move(settings))) {}
Engine::~Engine() = default;

void Engine::give(const sources::Source& source, Result<Secret> token) {
    impl_->given.insert_or_assign(&source, std::move(token));
    impl_->configure(impl_->settings);
}

CredentialPtr Engine::credential_of(const ProfileName& profile, const sources::Source& source,
                                    Secret token) const {
    const auto found = impl_->profiles.find(profile);
    if (found == impl_->profiles.end() || found->second.provider == nullptr) return nullptr;
    const auto& entry = found->second;
    return entry.provider->credential(*entry.profile,
                                      *Impl::session_of(*entry.profile, source, std::move(token)));
}

void Engine::start(const std::vector<ProfileName>& prefetch_only) {
    for (const auto& [name, entry] : impl_->profiles) {
        if (prefetch_only.empty() || std::ranges::find(prefetch_only, name) != prefetch_only.end())
            impl_->prefetch(entry);
    }
    impl_->read_more();
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
    if (entry.given) return entry.given->value_or(nullptr);
    const auto session = entry.keeper->machine().session();
    if (!session ||
        !satisfies(*session, entry.profile->renewal, min_remaining, impl_->ports.clock.now()))
        return nullptr;
    if (Impl::refusal(entry, *session) || impl_->outdated(entry, *session)) return nullptr;
    return impl_->credential_of(entry, *session);
}

std::unique_ptr<Ticket> Engine::credential(
    const ProfileName& profile, const Demand& demand,
    std::move_only_function<void(Result<CredentialPtr>)> done) {
    auto entry = impl_->find(profile);
    if (!entry) {
        fail_later(impl_->ports.loop, std::move(done), entry.error());
        return nothing_to_cancel();
    }
    if ((*entry)->given) {
        impl_->answer_given(**entry, std::move(done));
        return nothing_to_cancel();
    }
    return impl_->enlist(**entry, demand, {}, std::move(done));
}

std::unique_ptr<Ticket> Engine::rejected(
    const ProfileName& profile, const Secret& token, const Demand& demand,
    std::move_only_function<void(Result<CredentialPtr>)> done) {
    auto entry = impl_->find(profile);
    if (entry && (*entry)->given_session &&
        same_secret((*entry)->given_session->access_token, token)) {
        const Error error{Remedy::refused,
                          "the token that was given by " + std::string((*entry)->source->name) +
                              " was rejected; hearth does not put another in its place",
                          "give another one, or unset " + std::string((*entry)->source->name)};
        fail_later(impl_->ports.loop, std::move(done), impl_->about(profile, error));
        return nothing_to_cancel();
    }
    const auto session = entry ? (*entry)->keeper->machine().session() : nullptr;
    if (session && same_secret(session->access_token, token)) {
        impl_->tell_of_rejection(profile);
        return impl_->enlist(**entry, demand, session->version, std::move(done));
    }
    // Not what is handed out now, or nothing was read yet: the answer tells.
    const auto ticket = std::make_shared<std::unique_ptr<Ticket>>();
    *ticket = credential(
        profile, demand,
        [weak = std::weak_ptr(impl_->alive), renewal = std::weak_ptr(ticket), profile, demand,
         token = token.clone(), done = std::move(done)](Result<CredentialPtr> answer) mutable {
            const auto self = weak.lock();
            if (!answer || !same_secret((*answer)->token(), token)) return done(std::move(answer));
            auto found = self ? (*self)->find(profile) : nullptr;
            const auto current = self && found ? (*found)->keeper->machine().session() : nullptr;
            const auto held = renewal.lock();
            if (!current || !held) return;
            (*self)->tell_of_rejection(profile);
            *held = (*self)->enlist(**found, demand, current->version, std::move(done));
        });
    return std::make_unique<OnDrop>([ticket] { ticket->reset(); });
}

std::optional<ProfileName> Engine::rests_on(const ProfileName& profile) const {
    const auto found = impl_->profiles.find(profile);
    if (found == impl_->profiles.end() || found->second.provider == nullptr) return std::nullopt;
    return found->second.provider->rests_on(*found->second.profile);
}

std::unique_ptr<Ticket> Engine::sign_in(const ProfileName& profile, SignInRequest request,
                                        const std::shared_ptr<providers::Person>& person,
                                        std::move_only_function<void(Result<SignedIn>)> done) {
    auto entry = impl_->find(profile);
    if (!entry) {
        fail_later(impl_->ports.loop, std::move(done), entry.error());
        return nothing_to_cancel();
    }
    struct Call {
        std::stop_source stop;
        std::move_only_function<void(Result<SignedIn>)> done;
    };
    const auto call = std::make_shared<Call>(Call{{}, std::move(done)});
    const auto loan = std::make_shared<Loan>((*entry)->keeper, impl_->ports.loop);
    impl_->emit({Event::Kind::sign_in_started, impl_->ports.clock.now().wall, profile, "", {}});
    impl_->ports.workers.run(Work::person, [shelf = impl_->surroundings->shelf,
                                            provider = (*entry)->provider,
                                            settings = (*entry)->profile,
                                            request = std::move(request), person, call, loan,
                                            weak = std::weak_ptr(impl_->alive),
                                            &loop = impl_->ports.loop]() mutable {
        auto placed = session::sign_in(shelf, *provider, *settings, std::move(request), *person,
                                       call->stop.get_token(), [&] { return loan->borrow(); });
        person->on_paste({});
        loop.post([weak, settings, call, loan, placed = std::move(placed)]() mutable {
            const auto self = weak.lock();
            if (!self) return;
            const auto now = (*self)->ports.clock.now().wall;
            auto tell = std::exchange(call->done, nullptr);  // Whoever is told may drop the ticket.
            if (!placed) {
                if (const auto keeper = loan->keeper()) keeper->end(*loan, {});
                (*self)->emit(
                    {Event::Kind::sign_in_failed, now, settings->name, placed.error().what, {}});
                if (tell)
                    tell(
                        std::unexpected((*self)->about(settings->name, std::move(placed).error())));
                return;
            }
            SignedIn result{settings->name,
                            placed->session->account,
                            {},
                            placed->joined,
                            (*self)->fingerprint_of(*placed->session)};
            if (placed->session->lifespan)
                result.expires_at = placed->session->lifespan->expires_at();
            (*self)->replaced(settings->session, *std::move(placed), *loan);
            const auto who = result.fingerprint.empty() ? result.account.label()
                                                        : "API key " + result.fingerprint;
            (*self)->emit({Event::Kind::signed_in, now, settings->name, who, result.expires_at});
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
    if (!entry) return fail_later(impl_->ports.loop, std::move(done), entry.error());
    impl_->ports.workers.run(
        Work::network, [shelf = impl_->surroundings->shelf, provider = (*entry)->provider,
                        settings = (*entry)->profile,
                        loan = std::make_shared<Loan>((*entry)->keeper, impl_->ports.loop),
                        weak = std::weak_ptr(impl_->alive), &loop = impl_->ports.loop,
                        done = std::move(done)]() mutable {
            auto placed =
                session::sign_out(shelf, *provider, *settings, {}, [&] { return loan->borrow(); });
            loop.post([weak, settings, loan, placed = std::move(placed),
                       done = std::move(done)]() mutable {
                const auto self = weak.lock();
                if (!self) return;
                if (!placed) {
                    if (const auto keeper = loan->keeper()) keeper->end(*loan, {});
                    return done(
                        std::unexpected((*self)->about(settings->name, std::move(placed).error())));
                }
                auto leftover = std::move(placed->leftover);
                (*self)->replaced(settings->session, *std::move(placed), *loan);
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
    auto entry = impl_->find(profile);
    if (!entry) return fail_later(impl_->ports.loop, std::move(done), entry.error());
    if ((*entry)->given_session)
        return impl_->ask_provider(**entry, (*entry)->given_session, std::move(done));
    if (const auto& given = (*entry)->given; given && !given->has_value())
        return fail_later(impl_->ports.loop, std::move(done), given->error());
    // A fresh credential first; the provider is then asked with the session that it came from.
    const auto id = impl_->next_id++;
    auto ask = [this, profile, done = std::move(done)](Result<CredentialPtr> fresh) mutable {
        if (!fresh) return done(std::unexpected(std::move(fresh).error()));
        auto found = impl_->find(profile);
        const auto session = found ? (*found)->keeper->machine().session() : nullptr;
        if (!session)
            return done(std::unexpected(
                impl_->about(profile, {Remedy::sign_in, "nobody is signed in", ""})));
        impl_->ask_provider(**found, session, std::move(done));
    };
    impl_->pending.emplace(id, Impl::Pending{profile, (*entry)->keeper, std::move(ask)});
    impl_->ask(**entry, id, {}, {});
}

void Engine::whoami(const ProfileName& profile, const sources::Source& source, Secret token,
                    std::move_only_function<void(Result<std::vector<providers::Fact>>)> done) {
    auto entry = impl_->find(profile);
    if (!entry) return fail_later(impl_->ports.loop, std::move(done), entry.error());
    impl_->ask_provider(**entry, Impl::session_of(*(*entry)->profile, source, std::move(token)),
                        std::move(done));
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

void Engine::material_given(const ProfileName& profile) {
    if (auto entry = impl_->find(profile)) (*entry)->keeper->dispatch(MaterialGiven{});
}

void Engine::announce(const Event& event) { impl_->emit(event); }

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
                for (const auto& [id, kept] : (*self)->sessions) kept.keeper->dispatch(Started{});
                done({});
            });
        });
}

void Engine::lock_store() {
    impl_->ports.store.lock();
    for (const auto& [id, kept] : impl_->sessions) kept.keeper->dispatch(Forgotten{});
}

void Engine::configure(Settings settings) {
    impl_->configure(std::move(settings));
    // Profiles that are new, or came back, are read at once.
    for (const auto& [name, entry] : impl_->profiles) impl_->prefetch(entry);
    impl_->read_more();
}

const Settings& Engine::settings() const noexcept { return impl_->settings; }

bool Engine::busy() const noexcept {
    const auto working = [](const auto& keeper) { return keeper->machine().busy(); };
    return std::ranges::any_of(impl_->sessions,
                               [&](const auto& one) { return working(one.second.keeper); }) ||
           std::ranges::any_of(impl_->leaving, working);
}

std::shared_ptr<const Publication> Engine::publication(const ProfileName& profile) const {
    const auto found = impl_->profiles.find(profile);
    return found == impl_->profiles.end() ? nullptr : found->second.publication;
}

}  // namespace hearth::session
