// IAM Identity Center: a person signs in once, and takes roles of many accounts with it.
#pragma once

#include <stop_token>

#include "providers/grants/ports.hpp"
#include "providers/provider.hpp"

namespace hearth::providers::aws {

// What is wrong with the settings of a profile that signs in to Identity Center; pure.
Result<> check_identity_center(const Profile& profile);

// By authorization code, or on another device. The session holds the registration that was made
// for it: without that it could not be renewed.
Result<Session> sign_in_to_identity_center(const Ports& ports, const Profile& profile,
                                           const SignInOptions& options, Person& person,
                                           const std::stop_token& stop);
// GrantInvalid, without a request, where the registration has ended.
Renewal renew_identity_center(const Ports& ports, const Session& session,
                              const std::stop_token& stop);
// Success where the sign-in was over already.
Result<> sign_out_of_identity_center(Http& http, const Session& session,
                                     const std::stop_token& stop);

// Facts of such a session.
inline constexpr const char* sso_start_url_fact = "sso_start_url";
inline constexpr const char* sso_region_fact = "sso_region";
inline constexpr const char* registration_fact = "registration_expires_at";

}  // namespace hearth::providers::aws
