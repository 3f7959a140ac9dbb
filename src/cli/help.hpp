#pragma once

#include <string>

#include "cli/command.hpp"

namespace hearth::cli {

std::string general_help();
std::string help_of(const Command& command);
// Of the command, or of the commands, that the words name ("token", "profile", "profile add");
// empty when there is none.
std::string help_about(Words words);
// With the nearest name there is, if one is near.
Error unknown_command(Words words);

}  // namespace hearth::cli
