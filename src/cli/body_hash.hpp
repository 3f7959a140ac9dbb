#pragma once

#include <string>

#include "hearth/error.hpp"

namespace hearth::cli {

// The SHA-256, in lower-case hexadecimal, of a file or, for "-", of stdin. Remedy::usage for what
// cannot be read.
Result<std::string> body_hash(const std::string& path);

}  // namespace hearth::cli
