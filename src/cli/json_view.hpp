#pragma once

#include "json/view.hpp"

namespace hearth::cli {

// What the agent answers is read where it lies; there is nothing to wipe but the line.
using JsonView = json::View;

}  // namespace hearth::cli
