// toml++ as this folder uses it: without exceptions, header only. Slow to compile; included by two
// files.
#pragma once

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth::config {

// Remedy::usage with file, line, column and reason for what is not TOML.
Result<toml::table> parse_toml(std::string_view text, std::string_view file);

// "config.toml:3:5: "
std::string place(std::string_view file, const toml::source_position& position);

}  // namespace hearth::config
