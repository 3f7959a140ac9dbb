#pragma once

#include <vector>

#include "hearth/secret.hpp"
#include "importing/finding.hpp"

namespace hearth::importing {

// The hosts that `gh` is signed in to, by its hosts.yml.
std::vector<Finding> gh_hosts(const Secret& text);

}  // namespace hearth::importing
