#pragma once

#include "sandbox/aws_answers.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

// Every parameter of an action by its limits: what is wrong is a ValidationError that names it, and
// never repeats its value.
AwsOutcome<void> check_assume_role(const Parameters& parameters);
AwsOutcome<void> check_web_identity(const Parameters& parameters);
AwsOutcome<void> check_session_token(const Parameters& parameters);

// DurationSeconds, which was checked, or what an action takes without it.
seconds duration_in(const Parameters& parameters, seconds otherwise);

}  // namespace hearth::sandbox
