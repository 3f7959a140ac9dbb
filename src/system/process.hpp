// The process itself: its environment, its program file, what it keeps others from seeing, and who
// talks to it.
#pragma once

#include <cstdint>
#include <string>

#include "core/places.hpp"
#include "hearth/error.hpp"

namespace hearth::system {

// Reads the real environment at each look-up; for main, which hands it inwards.
Environment environment();

// The folder of the running program's file.
Result<std::string> executable_folder();

// For programs that hold secrets: no core dump, no debugger of the same user, no new privileges by
// exec, and new files that only their owner can read. Children inherit all of it but the ban on
// debuggers.
Result<> harden_process();

// The process at the other end of a unix socket, as it was when it connected.
struct Peer {
    std::int64_t pid = 0;
    std::uint32_t uid = 0;
    std::string
        executable;  // Empty when the system does not tell: the process has ended or hides itself.
};

Result<Peer> peer_of(int socket);

// Whether the process at the other end runs as this process's user.
bool same_user(const Peer& peer) noexcept;

}  // namespace hearth::system
