#pragma once

#include <string>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::claude {

// Whether this is an API key by its looks. Remedy::usage, saying what it looks like instead and
// quoting none of it.
Result<> check_api_key(const std::string& profile, const Secret& key);

}  // namespace hearth::providers::claude
