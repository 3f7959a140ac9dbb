// Private to the engine's files.
#pragma once

#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "session/engine.hpp"
#include "session/keeper.hpp"
#include "session/publication.hpp"

namespace hearth::session {

// Runs something when it is dropped.
class OnDrop final : public Ticket {
  public:
    explicit OnDrop(std::move_only_function<void()> run) : run_(std::move(run)) {}
    OnDrop(const OnDrop&) = delete;
    OnDrop& operator=(const OnDrop&) = delete;
    ~OnDrop() override { run_(); }

  private:
    std::move_only_function<void()> run_;
};

class Engine::Impl {
  public:
    Impl(Ports outside, Settings with);
    ~Impl();
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    struct ProfileEntry {
        std::shared_ptr<const Profile> profile;
        providers::Provider* provider = nullptr;
        std::shared_ptr<Keeper> keeper;
        std::shared_ptr<Publication> publication;
        CredentialPtr credential;  // Of the keeper's present session, made when first asked for.
        // Given to this process, or why it could not be taken: that is then what is handed out.
        std::optional<Result<CredentialPtr>> given;
        SessionPtr given_session;
        const sources::Source* source = nullptr;
    };
    // A session and the profiles that rest on it.
    struct Kept {
        std::shared_ptr<Keeper> keeper;
        std::vector<ProfileEntry*> entries;
        std::string basis;  // What it is made of, as last looked at.
    };
    struct Pending {
        ProfileName profile;
        std::shared_ptr<Keeper> keeper;
        std::move_only_function<void(Result<CredentialPtr>)> done;
        Demand demand{};
        bool asked_again = false;
    };

    void configure(Settings with);
    Result<ProfileEntry*> find(const ProfileName& name);
    CredentialPtr credential_of(ProfileEntry& entry, const Session& session) const;
    // Why this session is not this profile's to hand out.
    static std::optional<Error> refusal(const ProfileEntry& entry, const Session& session);
    // Of an API key; empty for everything else.
    [[nodiscard]] std::string fingerprint_of(const Session& session) const;
    static SessionPtr session_of(const Profile& profile, const sources::Source& source,
                                 Secret token);
    void find_given(ProfileEntry& entry) const;
    [[nodiscard]] Error about(const ProfileName& name, Error error) const;

    void ask(ProfileEntry& entry, std::uint64_t waiter, const Demand& demand,
             std::optional<Version> rejected);
    // What the session was made of has changed since.
    [[nodiscard]] bool outdated(const ProfileEntry& entry, const Session& session) const;
    void look_at_basis(const ProfileEntry& entry);
    // What it was answered with was read only now, and is outdated.
    void ask_again(std::uint64_t waiter);
    void on_answer(std::uint64_t waiter, std::variant<SessionPtr, Error> with);
    void on_announce(const Keeper& keeper, const Announce& announce);
    void tell_of_rejection(const ProfileName& profile);
    void tell_of_refusal(const ProfileEntry& entry, const Announce& announce);
    void prefetch(const ProfileEntry& entry);
    void read_more();
    void on_read(const Keeper& keeper);
    void publish(ProfileEntry& entry);
    void emit(Event event);
    void check_loaded();
    void add_session(ProfileStatus& status, const ProfileEntry& entry,
                     const Session& session) const;
    [[nodiscard]] ProfileStatus status_of(const ProfileName& name, const ProfileEntry& entry) const;
    void replaced(const SessionId& id, Placed placed, Loan& loan);
    std::shared_ptr<Surroundings> make_surroundings(const RateLimit& rate);
    Kept& kept(const SessionId& id);
    static const ProfileEntry& owner_of(const std::vector<ProfileEntry*>& entries);
    static RenewalPolicy policy_of(const std::vector<ProfileEntry*>& entries);
    void watch();

    // Waits among those who wait for this session; dropping the ticket ends that.
    std::unique_ptr<Ticket> enlist(ProfileEntry& entry, const Demand& demand,
                                   std::optional<Version> rejected,
                                   std::move_only_function<void(Result<CredentialPtr>)> done);
    std::unique_ptr<Ticket> base_credential(
        const ProfileName& base, std::move_only_function<void(Result<providers::Base>)> done);
    void answer_given(const ProfileEntry& entry,
                      std::move_only_function<void(Result<CredentialPtr>)> done);
    void ask_provider(const ProfileEntry& entry, SessionPtr session,
                      std::move_only_function<void(Result<std::vector<providers::Fact>>)> done);

    Ports ports;
    Settings settings;
    std::map<const sources::Source*, Result<Secret>> given;
    std::shared_ptr<Surroundings> surroundings;
    bool by_timer = false;
    std::map<ProfileName, ProfileEntry> profiles;  // Its nodes are what `entries` point to.
    std::unordered_map<SessionId, Kept> sessions;
    // Of profiles that are gone: what they have in hand and could not save is not dropped.
    std::vector<std::shared_ptr<Keeper>> leaving;
    std::unordered_map<std::uint64_t, Pending> pending;
    std::uint64_t next_id = 1;
    std::map<std::uint64_t, std::function<void(const Event&)>> subscribers;
    std::vector<std::move_only_function<void()>> waiting_for_load;
    std::unordered_set<SessionId> prefetching;  // Wanted at start-up and not read yet: these
    std::deque<SessionId> unread;               // wait for their turn,
    std::unordered_set<SessionId> reading;      // and these are being read.
    std::unique_ptr<Journals::Watch> journal_watch;
    // Dies with the engine; what comes back from a worker looks here first.
    std::shared_ptr<Impl*> alive = std::make_shared<Impl*>(this);
};

}  // namespace hearth::session
