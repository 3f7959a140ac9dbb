#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "hearth/secret.hpp"

namespace hearth::cli {

// A file of the user's own, whatever lies in its place.
struct OwnFile {
    Secret text;                      // UTF-8.
    std::string problem;              // Why it cannot be used, after its name; empty when it can.
    bool readable_by_others = false;  // By its group, or by everybody.
};

// Absent when there is none. Never waits, and follows no symbolic link at the path's end.
std::optional<OwnFile> own_file(const std::string& path, std::size_t limit);

// The names of what lies in the folder, in order; none where there is no such folder. A thousand at
// most.
std::vector<std::string> names_in(const std::string& folder);

}  // namespace hearth::cli
