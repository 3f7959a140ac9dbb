#pragma once

#include <string>

#include "cli/invocation.hpp"
#include "cli/json_line.hpp"
#include "cli/message.hpp"
#include "hearth/error.hpp"

namespace hearth::cli {

struct HelperAnswer {
    Message message;
    bool refresh = false;  // Its helper's output is old: see run_helper_behind.
};

// The agent's answer to a request for this profile's credential, on a connection of its own. Runs
// the profile's helper in this process where the agent asks for that. Ends the program when it is
// interrupted meanwhile; the helper has then been ended.
Result<HelperAnswer> ask_with_helper(Invocation& invocation, Request& request,
                                     const std::string& profile);

// Has the profile's helper run again by a process that goes on without this one, with this one's
// environment and folder, and nowhere to write to. What becomes of it is told by hearth explain.
void run_helper_behind(const std::string& profile);

}  // namespace hearth::cli
