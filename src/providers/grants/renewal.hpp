#pragma once

#include <string_view>

#include "core/session.hpp"
#include "core/time.hpp"
#include "oauth/client.hpp"
#include "oauth/token_reply.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// What stands in a session after this reply: the new tokens, their lifespan and the granted scopes.
// A refresh token that the reply does not bring stays. A reply that names no lifetime gets an hour
// where the session can be renewed, and none where it cannot.
void take_tokens(Session& session, oauth::TokenReply reply);

// A renewal's end, seen from the session: the same account, with what the answer brought.
Renewal renewal_of(const Session& session, oauth::TokenAnswer answer);

// A sign-in's end: the reply, or why there is none.
Result<oauth::TokenReply> reply_of(oauth::TokenAnswer answer);

// What a caller is told; absent for what does not expire.
std::optional<std::chrono::sys_seconds> expiry_of(const Session& session);

// The client that the session was issued to.
oauth::Client client_of(const Session& session);

}  // namespace hearth::providers
