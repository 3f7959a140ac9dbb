#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "hearth/error.hpp"

namespace hearth::cli {

// A program to start. Its streams are /dev/null where none is given; its signals are as they are by
// default.
struct Spawn {
    // What it has of ours beside its streams.
    enum class Ties : std::uint8_t {
        none,      // A session of its own, and no other descriptors.
        inherits,  // Our session and our descriptors.
    };
    std::vector<std::string> words;  // A first word without a slash is looked for in PATH.
    int in = -1;
    int out = -1;
    int err = -1;
    Ties ties = Ties::none;
};

// The process id. Remedy::failed when the program cannot be started; does not wait for it.
Result<pid_t> start(const Spawn& spawn);

}  // namespace hearth::cli
