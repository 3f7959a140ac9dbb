#include "cli/invocation.hpp"

namespace hearth::cli {

Presence Invocation::presence() const {
    if (non_interactive || environment("CI") == "true") return Presence::nobody;
    return terminal.has_person() ? Presence::person : Presence::nobody;
}

bool Invocation::agentless() const {
    const auto set = environment("HEARTH_NO_AGENT");
    return set && !set->empty() && *set != "0";
}

}  // namespace hearth::cli
