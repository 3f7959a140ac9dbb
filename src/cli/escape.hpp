// Text that a server or another program wrote, on its way to a person's terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hearth::cli {

// The text with everything made visible that could steer a terminal or hide what it says: control
// characters, line ends, marks that turn the writing direction, bytes that are not UTF-8. What is
// plain stays as it is.
std::string escaped(std::string_view text);

bool is_utf8(std::string_view text) noexcept;

// How many columns of a terminal the text takes; the text is UTF-8 without control characters.
std::size_t columns(std::string_view text) noexcept;

// At most `width` columns of the text, the last one an ellipsis where something was cut off.
std::string shortened(std::string_view text, std::size_t width);

}  // namespace hearth::cli
