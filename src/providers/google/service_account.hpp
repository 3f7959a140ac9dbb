// Tokens by the key of a service account.
#pragma once

#include <stop_token>

#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// By the JWT bearer grant (RFC 7523, Google's AIP-4112), or, where `wanted` says so, a JWT that the
// key signs for the service itself (AIP-4111) without a request. `place` is where the key is
// written, for errors.
TokenResult service_account_token(const ServiceAccount& account, const Wanted& wanted,
                                  const std::string& place, const Outside& outside,
                                  const std::stop_token& stop);

// Of Google Distributed Cloud: by exchange of a JWT, for `wanted.id_token_audience`.
TokenResult gdch_token(const GdchServiceAccount& account, const Wanted& wanted,
                       const std::string& place, const Outside& outside,
                       const std::stop_token& stop);

}  // namespace hearth::providers::google
