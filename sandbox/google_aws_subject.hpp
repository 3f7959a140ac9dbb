// A subject token of AWS: a signed request to its Security Token Service, which whoever has it may
// send to learn who signed it.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/google_answers.hpp"

namespace hearth::sandbox {

// Who signed it, by AWS's name ("arn:aws:sts::…"), once the signature is right and the audience is
// named; the record tells where the signature does not cover that name.
GrantOutcome<std::string> aws_subject(Exchange& exchange, std::string_view token,
                                      std::string_view audience);

}  // namespace hearth::sandbox
