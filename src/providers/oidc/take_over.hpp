#pragma once

#include <stop_token>

#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// A session of the profile's client around tokens that another program got.
Result<Session> take_over_oidc(const Ports& ports, const Profile& profile, HeldTokens tokens,
                               const std::stop_token& stop);

}  // namespace hearth::providers
