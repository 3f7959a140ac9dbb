// Whether a profile's settings make sense together, before anything is tried.
#pragma once

#include "core/profile.hpp"
#include "hearth/error.hpp"

namespace hearth::providers::google {

Result<> check_settings(const Profile& profile);
// Whether the profile can be got with that other one's credential.
Result<> check_base(const Profile& base, const Profile& profile);

}  // namespace hearth::providers::google
