#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/profile.hpp"

namespace hearth::trust {

enum class Effect : std::uint8_t {
    runs,      // A command, with the rights of whoever works in the folder.
    connects,  // Sends what the person signs in with, or the token, to a server of its choice.
    reads,     // A file or variable, and sends what is in it.
    sets,      // Anything else.
};
std::string_view to_string(Effect effect) noexcept;

// One setting, as a person who is to judge it must see it.
struct Consequence {
    std::string key;
    std::string value;  // As it is in the file, but for the client's secret.
    Effect effect{};
};

// Everything that a project's profile sets, what runs first, then by name. Nothing is left out
// because it is new or looks harmless.
std::vector<Consequence> consequences_of(const Profile& profile);

}  // namespace hearth::trust
