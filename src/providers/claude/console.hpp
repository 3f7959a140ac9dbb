#pragma once

#include <string>

#include "core/header_rules.hpp"
#include "core/profile.hpp"

namespace hearth::providers::claude {

inline constexpr const char* oauth_beta = anthropic_oauth_beta;
inline constexpr const char* api_version = anthropic_version;

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
