// Port: what Google's credentials are found by, looked at anew at each use, because people and
// other programs change it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/name.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::google {

// Safe from any thread.
class Material {
  public:
    virtual ~Material() = default;
    // Of the process that the engine runs in, for what they say of the machine; absent where it is
    // not set or empty. What `hearth exec` set for its command is not seen.
    virtual std::optional<std::string> variable(std::string_view name) = 0;
    // The file as it stands now. Absent where there is none; Remedy::failed, naming it, where it
    // cannot be read, is no file, or holds more than `limit` bytes.
    virtual Result<std::optional<Secret>> file(const std::string& path, std::size_t limit) = 0;
    // Another one once the file has changed, without reading it; empty where there is none.
    virtual std::string stamp(const std::string& path) = 0;
    // What the command of the profile's credential file printed for one who asked; absent where
    // nobody ran it.
    virtual std::optional<Secret> printed(const ProfileName& profile) = 0;
};

}  // namespace hearth::providers::google
