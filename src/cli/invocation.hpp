#pragma once

#include <cstdint>

#include "cli/terminal.hpp"
#include "core/places.hpp"

namespace hearth::cli {

// Who can be asked something.
enum class Presence : std::uint8_t {
    nobody,     // Nor may anything but the terminal ask, such as the keychain.
    elsewhere,  // Somebody may be at the machine, but not at this terminal.
    person,     // Somebody is at the terminal.
};

// What every command is run with.
struct Invocation {
    const Environment& environment;
    Terminal& terminal;
    bool non_interactive = false;  // --non-interactive was given.

    // For every command but login; nobody with CI=true, too. Looks at the terminal only when
    // called.
    [[nodiscard]] Presence presence() const;
    // HEARTH_NO_AGENT: no agent is asked or started.
    [[nodiscard]] bool agentless() const;
};

}  // namespace hearth::cli
