#pragma once

#include <string>

#include "sandbox/state.hpp"

namespace hearth::sandbox {

// One line of JSON: where everything is, for programs.
std::string announcement(const State& state, std::uint16_t port, int pid);
// The same for people.
std::string banner(const State& state);

}  // namespace hearth::sandbox
