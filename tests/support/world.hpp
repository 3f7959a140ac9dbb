// A machine with several hearth processes in it, in one thread and in virtual time: what they share
// (lock, journal, store, provider) and what each has of its own (loop, engine). Nothing here knows
// the rules; it only keeps score.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hearth/credential.hpp"
#include "session/engine.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_random.hpp"

namespace hearth::testing {

// An authorization server with rotation and reuse detection, as a provider.
class FakeProvider : public providers::Provider {
  public:
    enum class Mood {
        answers,
        unavailable,
        drops_before,
        drops_after,
        refuses_client,
        finds_nothing,  // What it would sign in with by itself is not there.
    };

    explicit FakeProvider(const Clock& clock) : clock_(clock) {}

    // Settings of the server.
    Mood mood = Mood::answers;
    int leeway = 0;  // How many generations back a refresh token still works.
    Span lifetime = std::chrono::hours(1);
    std::optional<Span> retry_after;
    std::string account = "alice";
    bool renewable = true;  // A refresh token is issued.
    bool alone = false;     // It signs in by itself, without refresh tokens.
    std::string made_of;    // What it does that with.
    Span clings{};          // It gives the same token until so little of it is left.
    Result<> revocation{};

    // What it saw.
    int renewals = 0;  // Requests that arrived.
    int revocations = 0;
    int sign_ins = 0;
    bool family_revoked = false;

    [[nodiscard]] std::string_view name() const noexcept override { return "fake"; }
    Result<Session> sign_in(const Profile&, const providers::SignInOptions&,
                            providers::Person& person, std::stop_token) override;
    Result<Session> adopt(const Profile&, Secret token) override;
    providers::Renewal renew(const Profile&, const Session& session, std::stop_token) override;
    [[nodiscard]] bool unattended(const Profile&) const override { return alone; }
    [[nodiscard]] std::string basis(const Profile&) const override { return made_of; }
    Result<> revoke(const Profile&, const Session&, std::stop_token) override {
        ++revocations;
        return revocation;
    }
    Result<std::vector<providers::Fact>> whoami(const Profile&, const Session& session,
                                                std::stop_token) override {
        return std::vector<providers::Fact>{{"subject", session.account.subject}};
    }
    [[nodiscard]] CredentialPtr credential(const Profile& profile,
                                           const Session& session) const override;
    [[nodiscard]] Result<> check(const Profile&) const override { return {}; }

  private:
    Session issue();
    Session same(Span left);
    providers::Renewal make();
    const Clock& clock_;
    int generation_ = 0;
    Span ends_{};  // The newest token, by the boot-time clock.
};

class World {
  public:
    World();
    ~World();

    FakeClock clock;
    FakeRandom random;
    FakeProvider provider{clock};
    Settings settings;  // One profile, "work", of the fake provider.

    // The store's moods.
    std::optional<stores::StoreError> load_fails;
    std::optional<stores::StoreError> save_fails;
    bool save_lands_unseen = false;  // A save is taken and reported as timed out.
    std::optional<Error> journal_fails;
    bool untold = false;                      // Nobody hears that a journal was written.
    std::optional<Error> journal_unreadable;  // Reading fails, writing does not.

    std::function<void()> when_busy;  // What other threads do while one waits for a lock.

    std::map<SessionId, std::string> documents;
    std::map<SessionId, session::Journal> journals;
    int saves = 0;
    int loads = 0;

    class Process;
    Process& start(bool keep = true);
    // Its tasks never run again and its locks are free: kill -9.
    void kill(Process& process);

    // Runs what is ready, one task at a time, until nothing is; `limit` guards against a loop
    // without end.
    void settle(int limit = 100'000);
    // One task of the process; false when it has none that is ready.
    bool step(Process& process);
    // Time passes in steps from timer to timer.
    void pass(Span span);
    void suspend(Span span) { clock.advance(span); }

    [[nodiscard]] Result<CredentialPtr> ask(Process& process, session::Demand demand = {});
    void sign_in(Process& process);
    [[nodiscard]] Session stored() const;
    [[nodiscard]] static SessionId id() { return *Name::parse("work"); }

    struct Shared;

  private:
    std::unique_ptr<Shared> shared_;
};

// One hearth process.
class World::Process {
  public:
    Process(World& world, Shared& shared, int number);
    ~Process();
    session::Engine& engine() { return *engine_; }
    // Starts to ask; the answer is there after some steps.
    std::shared_ptr<std::optional<Result<CredentialPtr>>> begin_ask(session::Demand demand = {});
    [[nodiscard]] std::vector<session::Event> events() const { return events_; }

    class Ports;

  private:
    friend class World;
    std::unique_ptr<Ports> ports_;
    std::unique_ptr<session::Engine> engine_;
    std::vector<session::Event> events_;
    std::unique_ptr<session::Ticket> subscription_;
    std::vector<std::unique_ptr<session::Ticket>> tickets_;
};

// A person who takes part in nothing.
class SilentPerson : public providers::Person {
  public:
    void show(const providers::Prompt&) override {}
    void on_paste(std::function<void(Secret)>) override {}
};

}  // namespace hearth::testing
