#pragma once

#include "sandbox/cloud.hpp"

namespace hearth::sandbox {

// The route with that path; nothing when there is none.
const Route* find_route(std::string_view path);

}  // namespace hearth::sandbox
