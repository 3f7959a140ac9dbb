// Subject tokens that a command prints, which hearth's engine never runs itself.
#pragma once

#include <string>

#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/subject_token.hpp"

namespace hearth::providers::google {

// What stands in the command's output file as long as that is good, else what it printed for one
// who asked. TokenFailure::needs_program where nobody has run it, or what it printed has expired.
SubjectResult subject_of_executable(const ExecutableSource& source, const std::string& place,
                                    const Outside& outside);

}  // namespace hearth::providers::google
