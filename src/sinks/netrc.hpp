// One entry of a .netrc file, beside whatever else it holds. Pure.
#pragma once

#include <string_view>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::sinks {

struct NetrcEntry {
    std::string_view machine;
    std::string_view login;
    std::string_view password;
};

// The text with the entry of that machine and login replaced where it stands, or put before
// everything else: the first entry that matches is the one that readers take. Comments, macros and
// all other entries stay as they are.
Secret with_entry(std::string_view text, const NetrcEntry& entry);
// The text without it.
Secret without_entry(std::string_view text, std::string_view machine, std::string_view login);

// Remedy::usage for what would need quotes, which not all readers know.
Result<> check_netrc_word(std::string_view what, std::string_view word);

}  // namespace hearth::sinks
