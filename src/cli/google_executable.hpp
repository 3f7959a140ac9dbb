// What Google's libraries read from a program that they run for a subject token
// (executable-sourced credentials).
#pragma once

#include <string_view>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::cli {

// The token as a document of theirs, on a line. `wanted` is the type that the library named, or
// empty. Remedy::usage for a token that is no JWT.
Result<Secret> google_executable_document(const Secret& token, std::optional<Instant> expires_at,
                                          std::string_view wanted);
// That there is none, and why.
Secret google_executable_failure(const Error& error);

}  // namespace hearth::cli
