// What one process leaves for the next beside a session's lock.
#include "system/journal_format.hpp"

#include "fuzz/target.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    const auto journal = system::parse_journal(input);
    if (journal) {
        require(system::parse_journal(system::write_journal(*journal)) == journal);
    } else {
        require_sound(journal.error());
    }
    // An error's text is somebody else's; whatever is in it, the journal stays one.
    session::Journal noted;
    noted.last_error = input;
    noted.sign_in_needed = input;
    const auto back = system::parse_journal(system::write_journal(noted));
    require(back.has_value());
    require(back->last_error.empty() == input.empty());
}

}  // namespace hearth::fuzz
