// Where a credential can come from, and in which order hearth looks. docs/sources.md has the same
// table, and a test compares the two.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "hearth/credential.hpp"

namespace hearth::sources {

// Who holds it.
enum class Place : std::uint8_t {
    environment,  // A variable of the caller's process.
    descriptor,   // An open file that the caller's process inherited; the variable has its number.
    helper,       // A command that the profile names; the caller's process runs it.
    session,      // A sign-in that hearth keeps.
};

struct Source {
    std::string_view name;  // The variable's, the helper's setting; "session".
    Place place{};
    std::string_view provider;  // Empty: every provider's profiles.
    Credential::Kind kind{};    // What a caller's own holds; a session knows by itself.

    [[nodiscard]] bool callers() const noexcept {
        return place == Place::environment || place == Place::descriptor;
    }
    [[nodiscard]] bool serves(std::string_view of) const noexcept {
        return provider.empty() || provider == of;
    }
};

// All there are; what stands earlier wins.
std::span<const Source> all() noexcept;
// A caller's own source by its variable; null when there is none of that name.
const Source* find(std::string_view variable) noexcept;

}  // namespace hearth::sources
