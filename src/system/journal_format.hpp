#pragma once

#include <string>
#include <string_view>

#include "hearth/error.hpp"
#include "session/lock.hpp"

namespace hearth::system {

// What stands in a journal's file: one JSON object with a `format` number, instants in milliseconds
// since 1970.
std::string write_journal(const session::Journal& journal);

// Remedy::refused for a format that a newer hearth wrote, Remedy::failed for anything that is not a
// journal.
Result<session::Journal> parse_journal(std::string_view text);

}  // namespace hearth::system
