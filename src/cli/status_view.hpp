// How `hearth status` looks; pure.
#pragma once

#include <cstddef>
#include <string>

#include "cli/json_view.hpp"

namespace hearth::cli {

struct StatusStyle {
    std::size_t width =
        0;  // Lines are not longer where that can be helped; zero: as long as they need.
    bool colours = false;
};

// The table of the agent's answer to `status`, and below it what a person should know or do.
std::string status_text(const JsonView& answer, const StatusStyle& style);

}  // namespace hearth::cli
