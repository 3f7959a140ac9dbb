// An address that a server gave, as a QR code.
#include "cli/qr_code.hpp"

#include <algorithm>

#include "fuzz/target.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    const auto code = cli::QrCode::of(input);
    require(code.has_value() == (input.size() <= 271));
    if (!code) return;
    require(code->size() >= 21 && code->size() <= 57 && (code->size() - 17) % 4 == 0);
    // Where every reader looks first: the corners' squares.
    const auto last = code->size() - 1;
    require(code->dark(0, 0) && code->dark(last, 0) && code->dark(0, last));
    require(code->dark(3, 3) && !code->dark(1, 1) && !code->dark(7, 7));
    const auto lines = std::ranges::count(code->rendered(), '\n');
    require(static_cast<std::size_t>(lines) * 2 >= code->size());
}

}  // namespace hearth::fuzz
