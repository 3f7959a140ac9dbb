// Workload identity federation: a workload's identity token for a token of the Claude API. No
// person, no refresh token: each renewal is another exchange.
#pragma once

#include <stop_token>

#include "core/profile.hpp"
#include "providers/claude/identity_material.hpp"
#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers::claude {

// What the profile lacks for it, or has besides that contradicts it; Remedy::usage.
Result<> check_federation(const Profile& profile);

// Obtains the identity token and exchanges it. Nothing is spent by that, so no outcome is lost for
// good. A refusal comes with what the identity token says of itself, and never with the token.
Renewal exchange_identity(const Ports& ports, IdentityMaterial& material, const Profile& profile,
                          const std::stop_token& stop);

}  // namespace hearth::providers::claude
