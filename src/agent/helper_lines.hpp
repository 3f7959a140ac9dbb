// The lines by which a client is asked to run a helper, and answers.
#pragma once

#include "agent/credential_helpers.hpp"
#include "json/document.hpp"

namespace hearth::agent {

Secret run_line(const ProfileName& profile, const HelperProgram& program);
// To be run once the answer that follows has been used.
Secret run_behind_line(const ProfileName& profile);
// What the client says came of it.
sources::HelperOutput output_in(const json::Document& report, sources::Prints prints);

}  // namespace hearth::agent
