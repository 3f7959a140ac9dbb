// Becoming a service account, by the IAM Service Account Credentials API.
#pragma once

#include <stop_token>

#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// `source_token` is an access token of whoever may impersonate. Gives an access token, or an ID
// token where `wanted` has an audience for one.
TokenResult impersonated_token(const Impersonation& impersonation, const Secret& source_token,
                               const Wanted& wanted, const Outside& outside,
                               const std::stop_token& stop);

// The service account's e-mail, as the URL has it; empty where it has none.
std::string email_in(const std::string& impersonation_url);

}  // namespace hearth::providers::google
