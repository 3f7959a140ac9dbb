// Where this installation keeps its things. Pure: the environment is handed in by main.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth {

// Looks a variable up; empty when it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view)>;

struct Places {
    std::string config_file;   // config.toml
    std::string state_folder;  // Locks, journals, sealed files, the agent's log; survives a reboot.
    std::string runtime_folder;  // The socket; may vanish at logout. 0700.
    std::string sealed_folder;   // Sealed sessions.

    [[nodiscard]] std::string socket() const { return runtime_folder + "/agent.sock"; }
    [[nodiscard]] std::string agent_log() const { return state_folder + "/agent.log"; }
    [[nodiscard]] std::string agent_lock() const { return state_folder + "/agent.lock"; }
};

// HEARTH_HOME puts everything below one folder; else XDG_CONFIG_HOME, XDG_STATE_HOME and
// XDG_RUNTIME_DIR, with their defaults below HOME; without XDG_RUNTIME_DIR the runtime folder is
// `run` in the state folder. Remedy::usage when a needed variable is missing or not absolute.
Result<Places> places(const Environment& environment);

}  // namespace hearth
