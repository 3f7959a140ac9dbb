#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::sandbox {

// One frame of application/vnd.amazon.eventstream: headers of type text, a payload, and a checksum
// over each of the prelude and the whole.
std::string event_frame(const std::vector<std::pair<std::string_view, std::string_view>>& headers,
                        std::string_view payload);

}  // namespace hearth::sandbox
