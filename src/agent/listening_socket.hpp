#pragma once

#include <optional>
#include <string>

#include "core/descriptor.hpp"
#include "core/places.hpp"
#include "hearth/error.hpp"

namespace hearth::agent {

// Binds the agent's socket, 0600 in a folder 0700, in place of one that an earlier agent left. Call
// it only while holding the agent's lock. Paths of any length.
Result<Descriptor> bind_socket(const Places& places);

// Removes the socket, if it is the one that `listening` is bound to; under the lock as well.
void unlink_socket(const Places& places);

// The socket that a service manager opened for this process (LISTEN_FDS); absent when there is
// none.
std::optional<Descriptor> inherited_socket(const Environment& environment);

}  // namespace hearth::agent
