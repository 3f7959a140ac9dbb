// The engine: every session of this installation, kept fresh, one renewal at a time everywhere.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/fingerprint.hpp"
#include "core/random.hpp"
#include "core/settings.hpp"
#include "hearth/credential.hpp"
#include "hearth/error.hpp"
#include "providers/provider.hpp"
#include "session/lock.hpp"
#include "session/loop.hpp"
#include "sources/source.hpp"
#include "stores/store.hpp"

namespace hearth::session {

class Publication;

// What a caller asks for.
struct Demand {
    std::optional<Span> min_remaining;  // The profile's own when absent.
    Span patience = std::chrono::seconds(10);
    // What is there will not do, however young, nor does it count that getting another has failed:
    // somebody has mended what it is made of.
    bool anew = false;
};

enum class State : std::uint8_t {
    unknown,
    signed_out,
    fresh,
    renewing,
    waiting,
    sign_in_needed,
    store_unavailable,
    refused  // There is a session, and a rule of the profile forbids handing it out.
};
std::string_view to_string(State state) noexcept;

struct ProfileStatus {
    ProfileName profile;
    std::string provider;
    State state = State::unknown;
    std::string
        source;  // Where the credential came from: "keychain session", "sealed session", ...
    Account account;
    Scopes scopes;
    std::optional<Instant> expires_at;
    std::optional<Span> remaining;
    std::optional<Instant> renews_at;
    std::optional<Instant> refresh_expires_at;
    std::optional<Instant> renewed_at;
    std::int64_t renewed_by = 0;  // Process id; 0 when never.
    std::optional<Span> server_skew;
    std::string last_error;
    Version version;
    std::optional<Credential::Kind> kind;  // Absent without a session.
    std::string fingerprint;               // Of an API key.
};

// What happened, for `hearth events`, the audit log and whoever subscribes.
struct Event {
    enum class Kind : std::uint8_t {
        loaded,
        renewed,
        adopted,
        renewal_failed,
        sign_in_needed,
        sign_in_started,
        signed_in,
        sign_in_failed,
        signed_out,
        store_failed,
        store_recovered,
        helper_ran,
        sink_written,
        sink_failed,
        refused,
        rejected,
        handed_out
    };
    Kind kind{};
    Instant at;
    ProfileName profile;
    std::string text;  // For people; may be empty.
    std::optional<Instant> expires_at;
};
std::string_view to_string(Event::Kind kind) noexcept;

struct SignInRequest {
    providers::SignInOptions options;
    bool switch_account = false;  // Another account may replace the one that is there.
    std::optional<Secret> token;  // A token or key that the user already has, instead of a sign-in.
    std::optional<Secret> key;    // The same, and an API key.
    std::optional<providers::HeldTokens> held;  // A sign-in that another program made.
    bool unverified = false;  // The key is kept without asking the provider about it.
};

struct SignedIn {
    ProfileName profile;
    Account account;
    std::optional<Instant> expires_at;
    bool joined = false;      // Somebody else's sign-in of the same profile was waited for.
    std::string fingerprint;  // Of an API key; empty for everything else.
};

// Cancels what it stands for when destroyed, unless that has ended.
class Ticket {
  public:
    virtual ~Ticket() = default;
};

// Loop thread only, but for the constructor. Everything ends by its callback being called exactly
// once, on the loop and never from within the call, or not at all after the ticket was dropped.
class Engine {
  public:
    struct Ports {
        const Clock& clock;
        Random& random;
        Loop& loop;
        Workers& workers;
        Locks& locks;
        Journals& journals;
        stores::Store& store;
        std::map<std::string, providers::Provider*> providers;  // By name.
        std::string store_name;                                 // "keychain", "sealed" or "memory".
        std::int64_t process = 0;                               // Named in journals as who renewed.
        const Fingerprints* fingerprints = nullptr;             // None: keys have none.
    };

    Engine(Ports ports, Settings settings);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // What was given to this process, for every profile that the source serves: handed out instead
    // of a session, never renewed and never stored. What could not be taken is an error in its
    // place, for whoever asks. Before `start`.
    void give(const sources::Source& source, Result<Secret> token);
    // The credential that a token of the source's kind would be to this profile; null for a profile
    // that is not there.
    [[nodiscard]] CredentialPtr credential_of(const ProfileName& profile,
                                              const sources::Source& source, Secret token) const;
    // Starts reading sessions, all of them or those of the profiles named, in parallel and without
    // prompting; watches what other processes write. Returns at once.
    void start(const std::vector<ProfileName>& prefetch_only = {});
    // Keeps sessions fresh by timer from now on; without it a session is renewed only when somebody
    // asks.
    void keep();

    // A credential that satisfies the demand right now, or null. Starts nothing, never blocks.
    [[nodiscard]] CredentialPtr warm(const ProfileName& profile,
                                     std::optional<Span> min_remaining = {});
    // A credential with at least the demanded life left; waits for a renewal below the floor.
    std::unique_ptr<Ticket> credential(const ProfileName& profile, const Demand& demand,
                                       std::move_only_function<void(Result<CredentialPtr>)> done);
    // A resource server answered 401 to this token: a newer credential, or one forced renewal per
    // version.
    std::unique_ptr<Ticket> rejected(const ProfileName& profile, const Secret& token,
                                     const Demand& demand,
                                     std::move_only_function<void(Result<CredentialPtr>)> done);

    // The profile whose sign-in this one's credentials are got with; absent where it has its own.
    [[nodiscard]] std::optional<ProfileName> rests_on(const ProfileName& profile) const;

    // Dropping the ticket cancels the sign-in (or the wait for somebody else's).
    std::unique_ptr<Ticket> sign_in(const ProfileName& profile, SignInRequest request,
                                    const std::shared_ptr<providers::Person>& person,
                                    std::move_only_function<void(Result<SignedIn>)> done);
    // Revokes, then erases even when the provider cannot be reached (then the result is
    // Remedy::unreachable).
    void sign_out(const ProfileName& profile, std::move_only_function<void(Result<>)> done);
    void whoami(const ProfileName& profile,
                std::move_only_function<void(Result<std::vector<providers::Fact>>)> done);

    // The same about what was given to the caller's process.
    void whoami(const ProfileName& profile, const sources::Source& source, Secret token,
                std::move_only_function<void(Result<std::vector<providers::Fact>>)> done);

    [[nodiscard]] Result<ProfileStatus> status(const ProfileName& profile);
    [[nodiscard]] std::vector<ProfileStatus> status();
    // Calls `done` once every session asked for has been read or has failed to be.
    void when_loaded(std::move_only_function<void()> done);
    // Calls `on_event` on the loop until the ticket is dropped.
    std::unique_ptr<Ticket> subscribe(std::function<void(const Event&)> on_event);

    // What the profile signs in with, without a person, may be there now: what failed for want of
    // it is tried again when somebody asks.
    void material_given(const ProfileName& profile);

    // Tells the subscribers of what happened beside the sessions.
    void announce(const Event& event);

    // Opens or locks the store; lock also forgets the sessions in memory.
    void unlock_store(Secret passphrase, std::move_only_function<void(Result<>)> done);
    void lock_store();
    // Takes changed settings; sessions whose profiles are gone are let go, not erased.
    void configure(Settings settings);
    [[nodiscard]] const Settings& settings() const noexcept;
    // True while something must not be interrupted: a request sent whose answer is not saved yet.
    [[nodiscard]] bool busy() const noexcept;

    // What readers on other threads may look at; null for a profile that is not there.
    [[nodiscard]] std::shared_ptr<const Publication> publication(const ProfileName& profile) const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hearth::session
