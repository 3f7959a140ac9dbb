#include "providers/grants/held_tokens.hpp"

#include <algorithm>

namespace hearth::providers {
namespace {

// What a file says is not what a server says.
constexpr Span longest_trusted = std::chrono::hours(24);
// How long the token was issued for is not in the file; what is left of it says little.
constexpr Span customary_lifetime = std::chrono::hours(1);

// As if it had been issued a customary lifetime before it ends, as far as the clocks reach back.
Lifespan lifespan_until(Instant expires_at, const Moment& now) {
    const Span left = std::clamp<Span>(expires_at - now.wall, Span{}, longest_trusted);
    if (left == Span{}) return {.issued = now, .lifetime = left};
    const Span gone = std::clamp<Span>(customary_lifetime - left, Span{}, now.boot);
    auto issued = now;
    issued.wall -= gone;
    issued.boot -= gone;
    return {.issued = issued, .lifetime = left + gone};
}

}  // namespace

void take_held(Session& session, HeldTokens tokens, const Moment& now) {
    session.signed_in_at = now.wall;
    session.scopes = std::move(tokens.scopes);
    session.refresh_token = std::move(tokens.refresh_token);
    session.lifespan = Lifespan{.issued = now, .lifetime = Span{}};
    if (!tokens.access_token) return;
    session.access_token = *std::move(tokens.access_token);
    if (!tokens.expires_at) return;
    session.lifespan = lifespan_until(*tokens.expires_at, now);
}

bool serves(const Session& session) noexcept {
    return session.lifespan && session.lifespan->lifetime > Span{} && !session.access_token.empty();
}

void renew_first(Session& session) noexcept {
    if (session.lifespan) session.lifespan->lifetime = Span{};
}

}  // namespace hearth::providers
