// A session as a document that a store keeps: JSON with a format number.
#pragma once

#include <string_view>

#include "core/session.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::session {

// The format this build writes, and the newest it reads.
constexpr int session_format = 2;

Secret encode(const Session& session);

// Remedy::refused for a document of a newer format, Remedy::failed for one that is damaged; neither
// quotes it. What the parser needs is wiped.
Result<Session> decode(std::string_view document);

}  // namespace hearth::session
