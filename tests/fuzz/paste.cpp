// What a person pastes to finish a sign-in: a code, `code#state`, an address.
#include "fuzz/target.hpp"
#include "oauth/authorization_response.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    const oauth::ResponseExpectation expected{.state = std::string(planted),
                                              .issuer = "https://issuer.example"};
    const auto verdict =
        oauth::judge_paste(expected, "https://console.example/code", Secret(input));
    require(verdict.outcome.has_value() != !verdict.complaint.empty());
    require(!verdict.complaint.contains(planted) && !has_control_character(verdict.complaint));
    if (!verdict.outcome) return;
    if (!*verdict.outcome) return require_sound(verdict.outcome->error());
    const auto& pasted = **verdict.outcome;
    require(!pasted.code.empty());
    // A code that came with a state came with the right one.
    const bool bare = pasted.code.reveal() == input;
    if (input.contains('#') && !bare) require(input.contains(planted) || input.contains('%'));
}

}  // namespace hearth::fuzz
