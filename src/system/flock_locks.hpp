#pragma once

#include <string>

#include "session/lock.hpp"

namespace hearth::system {

// Locks by flock(2) on files in `locks/` below the state folder, made on demand and never removed:
// a lock is held by the open file, so it dies with its holder however that ends. A program that was
// forked off and not exec'ed yet keeps it too. Two of them in one process exclude each other as
// well.
class FlockLocks : public session::Locks {
  public:
    explicit FlockLocks(const std::string& state_folder) : folder_(state_folder + "/locks") {}

    Result<std::unique_ptr<session::HeldLock>> try_acquire(const SessionId& id) override;
    Result<std::unique_ptr<session::HeldLock>> try_acquire_sign_in(
        const ProfileName& profile) override;
    // One run of a profile's helper at a time, over all processes.
    Result<std::unique_ptr<session::HeldLock>> try_acquire_helper(const ProfileName& profile);

  private:
    [[nodiscard]] Result<std::unique_ptr<session::HeldLock>> try_file(
        const std::string& name) const;

    std::string folder_;
};

}  // namespace hearth::system
