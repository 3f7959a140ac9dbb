#pragma once

#include <stop_token>

#include "core/profile.hpp"
#include "providers/claude/assertion.hpp"
#include "providers/claude/identity_material.hpp"
#include "providers/grants/ports.hpp"

namespace hearth::providers::claude {

// The identity token that AWS issues for whoever has keys there: those that somebody gave for this
// profile, else those of the machine's role. Documented by AWS; checked against a stand-in only.
Result<Assertion> aws_identity(const Profile& profile, IdentityMaterial& material,
                               const Ports& ports, const std::stop_token& stop);

}  // namespace hearth::providers::claude
