#pragma once

#include <map>
#include <mutex>

#include "core/places.hpp"
#include "providers/claude/identity_material.hpp"

namespace hearth::composition {

// What workloads prove their identity with: files, and what those who asked have given, which is
// kept in locked memory, in no file, and for the profile alone that it was given for.
class WorkloadIdentity final : public providers::claude::IdentityMaterial {
  public:
    Result<Secret> file(const std::string& path, std::size_t limit) override;
    std::optional<Secret> variable(const ProfileName& profile, std::string_view name) override;

    // Replaces what was given for the profile under that name.
    void give(const ProfileName& profile, const std::string& name, Secret value);
    // The variables of this very process, for what nobody has given: of a program with hearth in
    // it.
    void use(Environment environment);
    void forget();

  private:
    std::mutex mutex_;
    std::map<ProfileName, std::map<std::string, Secret, std::less<>>> given_;  // By `mutex_`.
    Environment environment_;                                                  // By `mutex_`.
};

}  // namespace hearth::composition
