// The endpoints: each takes a request in order and gives its answer. No sockets, no clock.
#pragma once

#include "sandbox/state.hpp"

namespace hearth::sandbox {

// metadata.cpp: what the server can do (OpenID discovery, RFC 8414), its keys, and its front page.
Response metadata_endpoint(Exchange& exchange);
Response jwks_endpoint(Exchange& exchange);
Response home_endpoint(Exchange& exchange);

// authorization.cpp: asking a person (RFC 6749 section 4.1), and what the person said.
Response authorization_endpoint(Exchange& exchange);
Response claude_authorization_endpoint(Exchange& exchange);
Response consent_endpoint(Exchange& exchange);

// device.cpp: RFC 8628.
Response device_authorization_endpoint(Exchange& exchange);
Response verification_endpoint(Exchange& exchange);

// token.cpp and claude_token.cpp: codes, refresh tokens and device codes for tokens.
Response token_endpoint(Exchange& exchange);
Response claude_token_endpoint(Exchange& exchange);

// registration.cpp: RFC 7591.
Response registration_endpoint(Exchange& exchange);

// token_care.cpp: RFC 7009, RFC 7662 and the OpenID userinfo.
Response revocation_endpoint(Exchange& exchange);
Response introspection_endpoint(Exchange& exchange);
Response userinfo_endpoint(Exchange& exchange);

// claude_api.cpp: what the tokens of the Claude face are good for.
Response claude_manual_page(Exchange& exchange);
Response claude_profile_endpoint(Exchange& exchange);
Response claude_messages_endpoint(Exchange& exchange);
Response claude_models_endpoint(Exchange& exchange);

// control.cpp: what a test asks of the sandbox itself.
Response records_endpoint(Exchange& exchange);
Response faults_endpoint(Exchange& exchange);
Response expire_endpoint(Exchange& exchange);
Response revoke_families_endpoint(Exchange& exchange);
Response move_families_endpoint(Exchange& exchange);
Response revoke_keys_endpoint(Exchange& exchange);

}  // namespace hearth::sandbox
