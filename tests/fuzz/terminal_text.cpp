// Text that a server wrote, on its way to a person's terminal.
#include "cli/escape.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    const auto shown = cli::escaped(input);
    require(!has_control_character(shown));
    require(cli::escaped(shown) == shown);
    const auto columns = cli::columns(shown);
    require(columns <= shown.size());
    for (const std::size_t width : {0UL, 1UL, 2UL, 7UL, 80UL, columns}) {
        const auto cut = cli::shortened(shown, width);
        require(cli::columns(cut) <= width);
        require(cli::escaped(cut) == cut);
        require(width < columns || cut == shown);
    }
}

}  // namespace hearth::fuzz
