// Tokens by a person's refresh token.
#pragma once

#include <stop_token>

#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// By the refresh grant (RFC 6749 section 6). An ID token is the one that the answer brings, which
// is for the client alone: Remedy::usage for another audience.
TokenResult authorized_user_token(const AuthorizedUser& user, const Wanted& wanted,
                                  const Outside& outside, const std::stop_token& stop);

// The same at the token endpoint of a workforce pool, where the refresh token may rotate.
TokenResult external_user_token(const ExternalAccountAuthorizedUser& user, const Outside& outside,
                                const std::stop_token& stop);

// What Google's refusal of a refresh token means and what to do, by `error` and `error_subtype`.
// `sign_in` is the command that signs in anew.
Error refusal_of_user(std::string_view code, std::string_view subtype, std::string_view description,
                      std::string_view sign_in);

}  // namespace hearth::providers::google
