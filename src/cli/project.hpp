#pragma once

#include <optional>
#include <string>

#include "cli/json_line.hpp"
#include "core/places.hpp"
#include "hearth/secret.hpp"

namespace hearth::cli {

// The file of a project's folder, read once; what is sent to the agent is what was read, so that
// nobody can put another in its place in between.
struct Project {
    std::string folder;   // Without symbolic links.
    Secret text;          // It may hold a client's secret.
    std::string problem;  // Why the file cannot be used, after its name; empty when it can.
};

// The file in that folder; absent when there is none. Never waits, whatever lies in the file's
// place.
std::optional<Project> project_in(const std::string& folder);
// The nearest one: in the working folder or above it, up to the home folder or else the root.
std::optional<Project> project_here(const Environment& environment);
// The path without symbolic links and from the root on; as far as that is known where nothing is
// there.
std::string whole_path(const std::string& path);

// Tells the agent of it.
void offer(const Project& project, Request& request);

}  // namespace hearth::cli
