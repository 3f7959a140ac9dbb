#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/http.hpp"
#include "core/time.hpp"
#include "providers/google/credentials.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// What an answer of the IAM Service Account Credentials API that is no success means, with the
// API's own words and the next step, and without the secrets that it was asked with.
TokenFailure impersonation_failure(const Impersonation& impersonation, std::string_view method,
                                   const HttpResponse& response, const std::vector<Secret>& secrets,
                                   Instant now);

}  // namespace hearth::providers::google
