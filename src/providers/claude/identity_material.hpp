// Port: what this machine and those who ask have to prove who they are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/name.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::claude {

// Safe from any thread.
class IdentityMaterial {
  public:
    virtual ~IdentityMaterial() = default;
    // The file as it stands now. Remedy::failed, naming the file, when there is none, it cannot be
    // read, is no file, or holds more than `limit` bytes.
    virtual Result<Secret> file(const std::string& path, std::size_t limit) = 0;
    // What a process that asked for this profile, and for no other, has given it; absent when none
    // has.
    virtual std::optional<Secret> variable(const ProfileName& profile, std::string_view name) = 0;
};

}  // namespace hearth::providers::claude
