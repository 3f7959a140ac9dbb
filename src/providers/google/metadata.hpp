// Tokens of the instance that this runs on, by the metadata server.
#pragma once

#include <stop_token>
#include <string>

#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

TokenResult metadata_token(const MetadataServer& server, const Wanted& wanted,
                           const Outside& outside, const std::stop_token& stop);

// Where the server hands out one token until shortly before its end: no newer one is to be had
// before so little is left.
inline constexpr Span metadata_refreshes_before = std::chrono::seconds(225);

// "project/project-id", "instance/service-accounts/default/email" and the like; the error is
// Remedy::unreachable where nothing answers as a metadata server.
Result<std::string> metadata_text(const MetadataServer& server, const std::string& path,
                                  const Outside& outside, const std::stop_token& stop);

}  // namespace hearth::providers::google
