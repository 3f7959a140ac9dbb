// Scopes as a server or a person lists them, and the names of profiles.
#include "core/scope.hpp"

#include "core/name.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    const auto scopes = Scopes::parse(input);
    if (scopes) {
        require(Scopes::parse(scopes->to_string()) == scopes);
        require(Scopes::of(scopes->values()) == scopes);
        require(scopes->missing_from(*scopes).empty());
        require(scopes->missing_from({}) == *scopes);
    } else {
        require_sound(scopes.error());
    }
    const auto name = Name::parse(input);
    if (!name) return require_sound(name.error());
    require(name->text() == input && !name->text().contains('/') && name->text() != "..");
}

}  // namespace hearth::fuzz
