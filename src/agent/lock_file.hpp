#pragma once

#include <optional>
#include <string>

#include "hearth/error.hpp"
#include "system/descriptor.hpp"

namespace hearth::agent {

// One agent, however many are started at once: whoever holds this file's lock is it, and alone
// binds and unlinks the socket. Empty when another process holds it. Held until dropped, and handed
// on to a forked child.
Result<std::optional<system::Descriptor>> try_lock_file(const std::string& path);

}  // namespace hearth::agent
