#pragma once

#include <string>
#include <string_view>

namespace hearth::sandbox {

// Whether the redirect asked for is the registered one: the same text, or, where both lead to this
// machine over plain http, the same but for the port (RFC 8252 section 7.3).
bool same_redirect(std::string_view registered, std::string_view asked);

// Whether a native client may register it: https, http on loopback, or a private scheme with a dot
// (RFC 8252 section 7), absolute and without a fragment.
bool acceptable_redirect(std::string_view uri);

// Whether it names a protected resource: an absolute URI without a fragment (RFC 8707 section 2).
bool acceptable_resource(std::string_view uri);

// Whether a Host header or a URL's host means this machine; a port may follow.
bool loopback_host(std::string_view host);

}  // namespace hearth::sandbox
