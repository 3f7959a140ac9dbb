#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// A subject token for an access token of the pool (RFC 8693), at the account's token endpoint. A
// refusal comes with what a subject token that is a JWT says of itself, and never with the token.
TokenResult exchange_subject(const ExternalAccount& account, const Secret& subject_token,
                             const std::vector<std::string>& scopes, const Outside& outside,
                             const std::stop_token& stop);

}  // namespace hearth::providers::google
