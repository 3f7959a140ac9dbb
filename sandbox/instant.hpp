// The sandbox's time: an instant comes in with each request, nothing below the server reads a
// clock.
#pragma once

#include <chrono>
#include <string>

namespace hearth::sandbox {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using std::chrono::milliseconds;
using std::chrono::seconds;

// RFC 3339 in UTC with milliseconds: 2026-01-02T03:04:05.678Z.
std::string to_rfc3339(Instant instant);
// IMF-fixdate (RFC 9110 section 5.6.7), as the Date header has it.
std::string to_http_date(Instant instant);
// Whole seconds since 1970, as JWTs and introspection count.
std::int64_t to_unix(Instant instant);

}  // namespace hearth::sandbox
