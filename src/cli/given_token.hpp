#pragma once

#include <cstddef>
#include <string_view>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::cli {

inline constexpr std::size_t longest_token = 16384;

// The token in what a person typed or piped: blanks and line ends around it are dropped.
// Remedy::usage unless it is one word of printable ASCII of at most that length; the error quotes
// none of it.
Result<Secret> given_token(std::string_view input);

}  // namespace hearth::cli
