// Queries and forms, as RFC 6749 appendix B encodes them.
#include "fuzz/target.hpp"
#include "oauth/form.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    // Any text survives its encoding, as a name and as a value.
    const auto encoded = oauth::form_encoded(input);
    require(encoded.empty() || sendable(encoded));
    const auto back = oauth::Query::parse("name=" + encoded);
    require(back && back->text("name") == input);
    const auto named = oauth::Query::parse(encoded + "=value");
    require(named && named->text(input) == "value");

    const auto query = oauth::Query::parse(input);
    if (!query) require_sound(query.error());
}

}  // namespace hearth::fuzz
