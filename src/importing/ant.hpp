#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hearth/secret.hpp"
#include "importing/finding.hpp"

namespace hearth::importing {

// What Anthropic's tools accept as a profile's name, which is part of a file's.
bool is_ant_profile_name(std::string_view name) noexcept;

// Where the profile's configuration says that its credential lies; empty: in the usual place.
std::string ant_credentials_path(std::string_view config);

// A profile of Anthropic's SDKs and of `ant`: its configuration, empty where it has none, and its
// credential.
Finding ant_profile(std::string_view name, std::string_view config,
                    const std::optional<Secret>& credentials);

}  // namespace hearth::importing
