#pragma once

#include <stop_token>

#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// The two ways to sign in at an OpenID server: in a browser on this machine, or on another device.
Result<Session> sign_in_by_browser(const Ports& ports, const Profile& profile, Person& person,
                                   const std::stop_token& stop);
Result<Session> sign_in_by_device(const Ports& ports, const Profile& profile, Person& person,
                                  const std::stop_token& stop);

}  // namespace hearth::providers
