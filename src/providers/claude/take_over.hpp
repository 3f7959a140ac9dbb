#pragma once

#include <stop_token>

#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers::claude {

// A session of the profile's client around tokens that another program got.
Result<Session> take_over(const Ports& ports, const Profile& profile, HeldTokens tokens,
                          const std::stop_token& stop);

}  // namespace hearth::providers::claude
