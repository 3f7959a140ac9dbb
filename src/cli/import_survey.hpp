// Where other tools keep what they signed in to. Nothing but their documented places is looked at.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/places.hpp"
#include "hearth/error.hpp"
#include "importing/finding.hpp"

namespace hearth::cli {

// What lies in the tools' places, in the order of the tools.
std::vector<importing::Finding> survey(const Environment& environment,
                                       std::span<const importing::Tool> tools);

// What lies in that file, which is one of the tool's; "-" is stdin.
Result<std::vector<importing::Finding>> survey_file(importing::Tool tool, const std::string& path);

}  // namespace hearth::cli
