// From a profile of hearth to where its keys come from.
#pragma once

#include <string>

#include "core/profile.hpp"
#include "providers/aws/material.hpp"
#include "providers/aws/plan.hpp"
#include "providers/aws/shared_config.hpp"

namespace hearth::providers::aws {

struct Settled {
    Plan plan;
    std::string region;  // For requests that name none; may be empty.
    std::string basis;   // Another one once the files or the profile say otherwise.
};

// Reads AWS's two files and decides. `base` is the profile that signs in to Identity Center for
// this one, null where none does. Remedy::usage for what is wrong there, with file and line.
Result<Settled> settle(const Profile& profile, const Profile* base, Material& material);
// The files that it reads.
Result<SharedPlaces> shared_places_of(const AwsSettings& settings, Material& material);

// Nothing of what it is made of can be read out of it.
std::string basis_of(const Settled& settled);
std::string basis_of(const Error& error);

// The device that the role asks for a code of; empty where it asks for none.
std::string mfa_device(const Plan& plan);
// Where the token service is that this profile's keys are asked about.
Result<ServiceSettings> token_service(const Profile& profile, Material& material);

// Signs in to Identity Center, and has no keys itself.
bool signs_in_to_identity_center(const AwsSettings& settings) noexcept;
// What is wrong with the settings by themselves, before a file is read; Remedy::usage.
Result<> check_settings(const Profile& profile);

}  // namespace hearth::providers::aws
