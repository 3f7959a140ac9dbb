// Every subcommand, each in the file that is named for it.
#pragma once

#include <span>

#include "cli/command.hpp"

namespace hearth::cli {

extern const Command login_command;
extern const Command import_command;
extern const Command logout_command;
extern const Command token_command;
extern const Command credentials_command;
extern const Command headers_command;
extern const Command exec_command;
extern const Command rejected_command;
extern const Command status_command;
extern const Command whoami_command;
extern const Command explain_command;
extern const Command profile_add_command;
extern const Command profile_list_command;
extern const Command profile_show_command;
extern const Command profile_remove_command;
extern const Command aws_roles_command;
extern const Command config_get_command;
extern const Command config_set_command;
extern const Command agent_start_command;
extern const Command agent_stop_command;
extern const Command agent_status_command;
extern const Command agent_metrics_command;
extern const Command agent_lock_command;
extern const Command agent_unlock_command;
extern const Command events_command;
extern const Command doctor_command;
extern const Command trust_list_command;
extern const Command trust_remove_command;
extern const Command trust_command;

// What hearth starts for itself; in no help.
extern const Command helper_refresh_command;

// In the order of the help.
std::span<const Command* const> commands() noexcept;

}  // namespace hearth::cli
