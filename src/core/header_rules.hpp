#pragma once

#include <string_view>
#include <vector>

#include "hearth/credential.hpp"

namespace hearth {

// The value of `anthropic-beta` without which Anthropic's API refuses OAuth tokens.
inline constexpr const char* anthropic_oauth_beta = "oauth-2025-04-20";
inline constexpr const char* anthropic_version = "2023-06-01";

// What a provider's API wants beside a credential of that kind, whoever it was issued to.
std::vector<HeaderRule> header_rules(std::string_view provider, Credential::Kind kind);

}  // namespace hearth
