#pragma once

#include "sandbox/message.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

// The body of a POST as RFC 6749 wants it: form-encoded, no parameter twice, and none in the
// address.
Outcome<Parameters> read_form(const Request& request);

}  // namespace hearth::sandbox
