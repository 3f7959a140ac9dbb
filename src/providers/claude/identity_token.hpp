#pragma once

#include <stop_token>

#include "core/profile.hpp"
#include "providers/claude/assertion.hpp"
#include "providers/claude/identity_material.hpp"
#include "providers/grants/ports.hpp"

namespace hearth::providers::claude {

// The identity token of the profile's workload, obtained anew from where the profile says.
// Remedy::unreachable where asking again may help, Remedy::failed for the rest; names the source
// and what to do next, and quotes nothing of what was found there.
Result<Assertion> identity_token(const Profile& profile, IdentityMaterial& material,
                                 const Ports& ports, const std::stop_token& stop);

}  // namespace hearth::providers::claude
