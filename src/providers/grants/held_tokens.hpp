#pragma once

#include "core/session.hpp"
#include "core/time.hpp"
#include "providers/provider.hpp"

namespace hearth::providers {

// Puts them into the session, but for the account and the client. The access token is handed out
// for what it has left, a day at most.
void take_held(Session& session, HeldTokens tokens, const Moment& now);

// True while the access token may be handed out.
bool serves(const Session& session) noexcept;

// Nothing is handed out before the session has been renewed.
void renew_first(Session& session) noexcept;

}  // namespace hearth::providers
