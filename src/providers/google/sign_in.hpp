// Signing in as a person, with an OAuth client of the user's own.
#pragma once

#include <stop_token>

#include "providers/google/material.hpp"
#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers::google {

// Whether the profile has a client to sign in with.
bool signs_in(const Profile& profile) noexcept;

Result<Session> sign_in_as_person(const Ports& ports, Material& material, const Profile& profile,
                                  const SignInOptions& options, Person& person,
                                  const std::stop_token& stop);

// A session around the refresh token that another program got, with the profile's client or the one
// that came along.
Result<Session> take_over_person(const Ports& ports, Material& material, const Profile& profile,
                                 HeldTokens tokens, const std::stop_token& stop);

}  // namespace hearth::providers::google
