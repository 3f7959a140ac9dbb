#pragma once

#include <stop_token>

#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers::claude {

// Authorization code with PKCE, as the Console wants it: by loopback redirect or by a code that is
// pasted.
Result<Session> sign_in(const Ports& ports, const Profile& profile, Person& person,
                        const std::stop_token& stop);

// Remedy::refused for another organisation than the one that the profile asks for.
Result<> check_organization(const Profile& profile, const Account& account);

}  // namespace hearth::providers::claude
