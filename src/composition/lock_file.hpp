#pragma once

#include <string>

#include "core/descriptor.hpp"
#include "hearth/error.hpp"

namespace hearth::composition {

// Held until dropped; for those who edit one file. It takes a moment, so whoever comes second
// waits. The folder is made where it is missing.
Result<Descriptor> hold_lock_file(const std::string& path);

}  // namespace hearth::composition
