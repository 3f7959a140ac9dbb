// The rules that both token endpoints follow, whatever form their requests have.
#pragma once

#include "sandbox/state.hpp"

namespace hearth::sandbox {

// RFC 6749 section 4.1.3 and RFC 7636 section 4.6. The Claude face also wants back the state that
// it was sent.
Outcome<Tokens> exchange_code(Exchange& exchange, const Client& client, const Parameters& form);
// RFC 6749 section 6.
Outcome<Tokens> renew_tokens(Exchange& exchange, const Client& client, const Parameters& form);

// Keeps in the exchange's record how the request ended.
void note_issued(Exchange& exchange, const Tokens& tokens);
Response note_refused(Exchange& exchange, const OAuthError& error);

// The members that every token reply has (RFC 6749 section 5.1).
boost::json::object token_reply(const Tokens& tokens, Instant now);

}  // namespace hearth::sandbox
