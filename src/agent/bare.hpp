#pragma once

#include "agent/startup.hpp"
#include "core/places.hpp"
#include "core/settings.hpp"

namespace hearth::agent {

// The settings of an agent that is to read none: one profile of the provider that was named, and a
// store that is empty. Claude is asked where ANTHROPIC_BASE_URL says; Remedy::usage when nobody
// may be asked there.
Result<Settings> bare_settings(const Arguments& arguments, const Environment& environment);

}  // namespace hearth::agent
