#pragma once

#include <string>

#include "core/random.hpp"
#include "hearth/error.hpp"

namespace hearth::composition {

// Names this installation in a keychain that several state folders share. Made once, at random; all
// processes that start together get the same one.
Result<std::string> installation_id(const std::string& state_folder, Random& random);

}  // namespace hearth::composition
