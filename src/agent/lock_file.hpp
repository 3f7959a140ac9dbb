#pragma once

#include <optional>
#include <string>

#include "core/descriptor.hpp"
#include "hearth/error.hpp"

namespace hearth::agent {

// One agent, however many are started at once: whoever holds this file's lock is it, and alone
// binds and unlinks the socket. Empty when another process holds it. Held until dropped, and handed
// on to a forked child.
Result<std::optional<Descriptor>> try_lock_file(const std::string& path);

}  // namespace hearth::agent
