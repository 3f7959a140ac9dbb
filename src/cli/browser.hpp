// Which command opens a web page for the person.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/places.hpp"
#include "hearth/error.hpp"

namespace hearth::cli {

using BrowserCommand = std::vector<std::string>;

// The commands that a value of BROWSER stands for, to be tried in turn: it is a list with colons,
// each a command with arguments; quotes and backslashes keep spaces and colons together. %s becomes
// the address and %% a per cent sign; a command without %s gets the address as its last argument.
std::vector<BrowserCommand> browser_commands(std::string_view browser, std::string_view url);

// Whether an address is one to hand to a browser: http or https, and nothing in it but printable
// ASCII.
bool is_web_address(std::string_view url) noexcept;

// Where a page may be opened: by what BROWSER says alone, or by the desktop's opener where BROWSER
// is not set.
enum class Opener : std::uint8_t { chosen, desktop };

// Starts the first command that can be started, cut off from this process, and does not wait for
// it. False when there was none to start.
bool open_browser(const Environment& environment, std::string_view url, Opener opener);

}  // namespace hearth::cli
