// The rule `require_organization` of a profile: whose sessions it hands out, and no others.
#pragma once

#include <string_view>

#include "core/profile.hpp"
#include "core/session.hpp"
#include "hearth/error.hpp"

namespace hearth::session {

// Remedy::refused, naming the other organisation, unless the profile requires none or this one. An
// account of which nobody knows the organisation is none of them. Pure.
Result<> organization_allowed(const Profile& profile, const Account& account);
// The same for what was not signed in to, such as a key in a variable: nothing says whose it is.
Result<> organization_allowed(const Profile& profile, std::string_view source);

}  // namespace hearth::session
