#pragma once

#include <string>

#include "core/profile.hpp"

namespace hearth::providers::claude {

// The value of `anthropic-beta` without which the API refuses OAuth tokens.
inline constexpr const char* oauth_beta = "oauth-2025-04-20";
inline constexpr const char* api_version = "2023-06-01";

// Where the Console and the API are, by default or as the profile says.
struct Console {
    std::string authorization;
    std::string token;
    std::string manual_redirect_uri;
    std::string account_profile;
    std::string models;

    static Console of(const Profile& profile);
};

}  // namespace hearth::providers::claude
