// What an import found and did, for people and for programs. No secret in either.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hearth/error.hpp"
#include "importing/finding.hpp"

namespace hearth::cli {

// One thing that was to be imported, and how that ended.
struct Imported {
    const importing::Finding* finding = nullptr;
    std::string profile;
    std::string account;
    std::string problem;  // It is kept, and could not be renewed yet: why.
    std::optional<Error> failure;
};

// The list of what was found, a paragraph for each.
std::string list_of(const std::vector<importing::Finding>& findings);
// What was imported, with what its other owner makes necessary; or why it was not.
std::string told(const Imported& imported);
// Both at once, as one JSON object on a line.
std::string json_of(const std::vector<importing::Finding>& findings,
                    const std::vector<Imported>& imported);

}  // namespace hearth::cli
