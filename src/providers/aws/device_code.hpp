#pragma once

#include <stop_token>
#include <string>

#include "core/time.hpp"
#include "providers/provider.hpp"

namespace hearth::providers::aws {

// Asks the person for a code of this MFA device until one is given that can be a code: six digits.
// Remedy::sign_in when nobody gives one within `limit`, or the sign-in is cancelled.
Result<std::string> ask_device_code(Person& person, const std::string& device, Span limit,
                                    const std::stop_token& stop);

}  // namespace hearth::providers::aws
