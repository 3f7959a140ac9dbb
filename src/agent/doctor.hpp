// What is wrong with this machine, and the fix for each.
#pragma once

#include <string>
#include <vector>

#include "agent/service.hpp"

namespace hearth::agent {

struct Check {
    enum class State : std::uint8_t { ok, warn, fail };
    std::string name;
    State state = State::ok;
    std::string what;
    std::string hint;  // Empty when there is nothing to do.
};

void doctor(Service& service, const CallPtr& call);

// A folder that only its owner may enter.
Check check_folder(const std::string& name, const std::string& path);
// Whether the credentials' memory stays out of swap.
Check check_locked_memory();
Check check_core_dumps();
// Whether the kernel refuses the agent what it never needs.
Check check_confinement(bool confined);
Check check_clock(const Moment& now);

}  // namespace hearth::agent
