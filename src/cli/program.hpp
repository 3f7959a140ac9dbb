#pragma once

#include "cli/arguments.hpp"
#include "cli/exit_status.hpp"
#include "cli/terminal.hpp"
#include "core/places.hpp"

namespace hearth::cli {

// Finds the command that the words begin with, and runs it. The words are those after the program's
// name.
ExitStatus run(Words words, const Environment& environment);

}  // namespace hearth::cli
