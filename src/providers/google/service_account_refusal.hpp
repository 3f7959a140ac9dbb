#pragma once

#include <string>

#include "providers/google/credentials.hpp"
#include "providers/google/token.hpp"
#include "providers/google/token_answer.hpp"

namespace hearth::providers::google {

// What Google's refusal of a service account's JWT means and what to do. `place` is where the key
// is written.
Error refusal_of_account(const Refusal& refusal, const ServiceAccount& account,
                         const Wanted& wanted, const std::string& place);

}  // namespace hearth::providers::google
