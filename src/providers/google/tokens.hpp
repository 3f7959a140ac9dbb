#pragma once

#include <stop_token>

#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// Gets a token by whatever kind of credentials these are.
TokenResult token_of(const Credentials& credentials, const Wanted& wanted, const Outside& outside,
                     const std::stop_token& stop);

}  // namespace hearth::providers::google
