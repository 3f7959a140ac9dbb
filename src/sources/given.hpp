// What somebody hands over by hand, variable or pipe.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/places.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "sources/source.hpp"

namespace hearth::sources {

inline constexpr std::size_t longest_token = 16384;

// The token in a text: blanks and line ends around it are dropped. Remedy::usage unless it is one
// word of printable ASCII of at most that length; the error quotes none of it and begins with
// `where`, such as a variable's name.
Result<Secret> token_in(std::string_view text, std::string_view where);

// Closes the descriptors that sources name in every program that this process starts. Early, before
// there is one.
void keep_from_children(const Environment& environment);

// What a caller's own source holds. A descriptor is read to its end and closed, so this can be
// asked once; what it held is nobody else's to read. Remedy::usage, naming the variable, when there
// is no token in it.
Result<Secret> take(const Source& source, const Environment& environment);

}  // namespace hearth::sources
