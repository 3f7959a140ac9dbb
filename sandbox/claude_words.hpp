// What the Claude face's endpoints have in common: beta headers, request ids, the error envelope.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/message.hpp"

namespace hearth::sandbox {

inline constexpr std::string_view oauth_beta = "oauth-2025-04-20";
inline constexpr std::string_view federation_beta = "oidc-federation-2026-04-01";

// Whether one of the anthropic-beta headers, each a list, names it.
bool has_beta(const Request& request, std::string_view beta);
// Adds the Request-Id that support would ask for.
Response with_request_id(Response response);
// `type` is authentication_error, permission_error, invalid_request_error, …
Response claude_error(int status, std::string_view type, std::string_view message);

}  // namespace hearth::sandbox
