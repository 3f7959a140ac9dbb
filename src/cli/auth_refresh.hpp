#pragma once

#include <string>

#include "cli/client.hpp"

namespace hearth::cli {

// The profiles whose commands hearth was started by, so that none waits for itself.
inline constexpr std::string_view chain_variable = "HEARTH_HELPER_OF";
// The variable for a command of this profile: NAME=value.
std::string chain_with(const Invocation& invocation, const std::string& profile);
// Remedy::usage when one of the profile's own commands has started this process.
Result<> refuse_own_command(const Invocation& invocation, const std::string& profile);

// Says that this process can run commands for the agent, and whether auth_refresh is among them.
void tell_of_commands(const Invocation& invocation, Request& request);

// Deals with an event about a profile's auth_refresh: runs it in this process, where the agent asks
// for that, and shows what it prints. `stop` is readable once the person wants to end it all; the
// command has then been ended, and the agent told. False for any other event.
Result<bool> take_refresh_event(Client& client, const Invocation& invocation, const JsonView& event,
                                int stop);

}  // namespace hearth::cli
