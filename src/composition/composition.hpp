// The real ports, put together once: what the agent, and a program that embeds hearth, run on.
#pragma once

#include <cstdint>
#include <memory>

#include "composition/certificates.hpp"
#include "composition/workload_identity.hpp"
#include "core/clock.hpp"
#include "core/http.hpp"
#include "core/places.hpp"
#include "core/random.hpp"
#include "core/settings.hpp"
#include "providers/aws/decisions.hpp"
#include "providers/google/external_account.hpp"
#include "session/engine.hpp"
#include "stores/store.hpp"

namespace hearth::composition {

class Composition {
  public:
    // Makes the state folder where it is missing. `loop` outlives this. Starts nothing;
    // `engine().start()` does.
    static Result<std::unique_ptr<Composition>> make(const Places& places, Settings settings,
                                                     session::Loop& loop, std::int64_t process);
    // The engine ends first; what its workers have begun is waited for.
    ~Composition();
    Composition(const Composition&) = delete;
    Composition& operator=(const Composition&) = delete;

    [[nodiscard]] session::Engine& engine() noexcept;
    [[nodiscard]] stores::Store& store() noexcept;
    [[nodiscard]] session::Workers& workers() noexcept;
    [[nodiscard]] const Clock& clock() const noexcept;
    [[nodiscard]] Http& http() noexcept;
    [[nodiscard]] WorkloadIdentity& identity() noexcept;
    // As it was built; a store does not change under a running engine.
    [[nodiscard]] const StoreSettings& store_settings() const noexcept;
    [[nodiscard]] const NetworkSettings& network_settings() const noexcept;
    [[nodiscard]] const Certificates& certificates() const noexcept;
    // Whether the store is one that a passphrase will open, and nobody has chosen that yet.
    [[nodiscard]] bool awaits_first_passphrase();
    // Erases a session under its lock, telling the provider nothing. Blocks: call it on a worker.
    Result<> forget(const SessionId& id);
    // The right to run a profile's helper; empty when another process has it.
    Result<std::unique_ptr<session::HeldLock>> try_helper_lock(const ProfileName& profile);
    // The command that AWS's own files get this profile's keys from; absent where something else
    // gives them.
    [[nodiscard]] std::optional<providers::aws::KeyCommand> aws_command(
        const Profile& profile) const;
    // The command by which a credential file of Google's gets what this profile's tokens are got in
    // exchange for; absent where something else does.
    [[nodiscard]] std::optional<providers::google::SubjectCommand> subject_command(
        const Profile& profile) const;
    // What that command printed.
    void give_subject(const Profile& profile, Secret printed);
    // Drops what those who asked have given: identity tokens, and what commands printed.
    void forget_given();
    // Whether the profile signs in without a person.
    [[nodiscard]] bool unattended(const Profile& profile) const;
    // What is wrong with a profile's settings for its provider, before anything is tried.
    [[nodiscard]] Result<> check(const Profile& profile) const;

  private:
    struct Parts;
    static std::unique_ptr<stores::Store> sealed_store(Parts& with, const Places& places);
    explicit Composition(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

// "keychain", "sealed" or "memory".
std::string_view to_string(StoreKind kind) noexcept;

}  // namespace hearth::composition
