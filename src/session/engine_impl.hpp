// Private to the engine's files.
#pragma once

#include <deque>
#include <unordered_map>

#include "session/engine.hpp"
#include "session/keeper.hpp"
#include "session/publication.hpp"

namespace hearth::session {

class Engine::Impl {
  public:
    Impl(Ports ports, Settings settings);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    struct ProfileEntry {
        std::shared_ptr<const Profile> profile;
        providers::Provider* provider = nullptr;
        std::shared_ptr<Keeper> keeper;
        std::shared_ptr<Publication> publication;
        CredentialPtr credential;  // Of the keeper's present session, made when first asked for.
    };
    struct Pending {
        ProfileName profile;
        std::shared_ptr<Keeper> keeper;
        std::move_only_function<void(Result<CredentialPtr>)> done;
    };

    void configure(Settings settings);
    Result<ProfileEntry*> find(const ProfileName& name);
    CredentialPtr credential_of(ProfileEntry& entry, const Session& session) const;
    [[nodiscard]] Error about(const ProfileName& name, Error error) const;

    void ask(ProfileEntry& entry, std::uint64_t waiter, const Demand& demand,
             std::optional<Version> rejected);
    void on_answer(std::uint64_t waiter, std::variant<SessionPtr, Error> with);
    void on_announce(const Keeper& keeper, const Announce& announce);
    void publish(ProfileEntry& entry);
    void emit(Event event);
    void check_loaded();
    [[nodiscard]] ProfileStatus status_of(const ProfileName& name, const ProfileEntry& entry) const;
    void replaced(const SessionId& id, Placed placed);
    std::shared_ptr<Keeper> keeper_for(const SessionId& id);
    void watch();

    Ports ports;
    Settings settings;
    std::shared_ptr<Surroundings> surroundings;
    bool by_timer = false;
    std::map<ProfileName, ProfileEntry> profiles;
    std::unordered_map<SessionId, std::shared_ptr<Keeper>> keepers;
    std::unordered_map<std::uint64_t, Pending> pending;
    std::uint64_t next_id = 1;
    std::map<std::uint64_t, std::function<void(const Event&)>> subscribers;
    std::vector<std::move_only_function<void()>> waiting_for_load;
    std::vector<std::shared_ptr<Keeper>> prefetching;
    std::unique_ptr<Journals::Watch> journal_watch;
    // Dies with the engine; what comes back from a worker looks here first.
    std::shared_ptr<Impl*> alive = std::make_shared<Impl*>(this);
};

}  // namespace hearth::session
