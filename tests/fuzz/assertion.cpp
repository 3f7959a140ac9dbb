// An identity token that nobody has verified, and what is shown of it to people.
#include "providers/claude/assertion.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    const auto assertion = providers::claude::Assertion::parse(input, "it");
    if (!assertion) return require_sound(assertion.error());
    const auto token = assertion->token.reveal();
    require(sendable(token) && input.contains(token));
    require(token.size() <= providers::claude::longest_assertion);
    require(!assertion->key_id.empty() && assertion->algorithm.size() == 5);
    const auto shown = assertion->shown();
    require(!has_control_character(shown) && shown.size() <= 2000);
    for (std::size_t at = 0; at + 24 <= token.size(); ++at)
        require(!shown.contains(token.substr(at, 24)));
}

}  // namespace hearth::fuzz
