// A stored session's document.
#include "fuzz/target.hpp"
#include "session/codec.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    const auto session = session::decode(input);
    if (!session) return require_sound(session.error());
    const bool renewed_first =
        session->refresh_token && session->lifespan && session->lifespan->lifetime == Span{};
    require(!session->access_token.empty() || renewed_first);
    require(!session->version.lineage.empty());
    require(!session->refresh_token || !session->refresh_token->empty());
    const auto written = session::encode(*session);
    const auto again = session::decode(written.reveal());
    require(again.has_value());
    require(same_secret(session::encode(*again), written));
    require(same_secret(session::encode(session->clone()), written));
    require(again->version == session->version && again->lifespan == session->lifespan);
    require(again->account == session->account && again->facts == session->facts);
    require(again->scopes == session->scopes);
    // Far from where the arithmetic of time overflows.
    if (!session->lifespan) return;
    const Moment now{.wall = Instant(std::chrono::hours(500'000)), .boot = {}, .boot_id = {}};
    (void)session->lifespan->remaining(now);
    (void)session->lifespan->expires_at();
}

}  // namespace hearth::fuzz
