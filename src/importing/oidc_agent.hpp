#pragma once

#include <string_view>

#include "hearth/secret.hpp"
#include "importing/finding.hpp"

namespace hearth::importing {

// An account of oidc-agent, as `oidc-gen --print` shows it, or what `oidc-token --json` prints.
// The name is the file's, for an account that does not say its own.
Finding oidc_agent_account(std::string_view name, const Secret& text);

}  // namespace hearth::importing
