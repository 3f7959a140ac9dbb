// What status and explain tell of a profile's helper: never its output, and of its command no more
// than the program's name.
#pragma once

#include <string>

#include "agent/line.hpp"
#include "agent/service.hpp"

namespace hearth::agent {

// A profile with a helper rests on that, whatever session there is beside it.
void with_helper(Service& service, session::ProfileStatus& status);

// When it ran, and what came of it.
std::string story_of(const HelperProgram& helper, const Helpers::Known& known);
std::string renewal_of_helper(const HelperProgram& helper);
// The member "helper".
void write_helper(Line& line, const HelperProgram& helper, const Helpers::Known& known);

}  // namespace hearth::agent
