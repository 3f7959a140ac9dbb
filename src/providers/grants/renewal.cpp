#include "providers/grants/renewal.hpp"

#include <utility>

namespace hearth::providers {
namespace {

using Kind = oauth::TokenFailure::Kind;

constexpr Span customary_lifetime = std::chrono::hours(1);

}  // namespace

void take_tokens(Session& session, oauth::TokenReply reply) {
    session.access_token = std::move(reply.access_token);
    if (reply.refresh_token) {
        session.refresh_token = std::move(reply.refresh_token);
        session.refresh_expires_at.reset();
    }
    if (reply.refresh_expires_in) {
        session.refresh_expires_at = reply.requested_at.wall + *reply.refresh_expires_in;
    }
    session.lifespan.reset();
    if (reply.expires_in || session.refresh_token) {
        session.lifespan = Lifespan{.issued = reply.requested_at,
                                    .lifetime = reply.expires_in.value_or(customary_lifetime)};
    }
    if (reply.scopes) session.scopes = *std::move(reply.scopes);
}

Renewal renewal_of(const Session& session, oauth::TokenAnswer answer) {
    Renewal renewal{.outcome = NotRenewed{}, .server_skew = answer.server_skew};
    if (answer.outcome) {
        auto renewed = session.clone();
        take_tokens(renewed, *std::move(answer.outcome));
        renewal.outcome = Renewed{std::move(renewed)};
        return renewal;
    }
    auto failure = std::move(answer.outcome).error();
    switch (failure.kind) {
        case Kind::grant_invalid:
            renewal.outcome = GrantInvalid{std::move(failure.error)};
            break;
        case Kind::answer_lost:
            renewal.outcome = AnswerLost{std::move(failure.error)};
            break;
        case Kind::not_done:
            renewal.outcome = NotRenewed{.error = std::move(failure.error),
                                         .worth_retrying = failure.worth_retrying,
                                         .retry_after = failure.retry_after};
            break;
    }
    return renewal;
}

Result<oauth::TokenReply> reply_of(oauth::TokenAnswer answer) {
    if (answer.outcome) return *std::move(answer.outcome);
    auto error = std::move(answer.outcome).error().error;
    if (error.hint.empty()) error.hint = "sign in again";
    return std::unexpected(std::move(error));
}

std::optional<std::chrono::sys_seconds> expiry_of(const Session& session) {
    if (!session.lifespan) return {};
    return std::chrono::floor<std::chrono::seconds>(session.lifespan->expires_at());
}

oauth::Client client_of(const Session& session) {
    oauth::Client client{.id = session.client_id,
                         .secret = session.client_secret
                                       ? std::optional(session.client_secret->clone())
                                       : std::nullopt,
                         .auth = {}};
    // What this version wrote it can read; anything else falls back to what having a secret
    // implies.
    client.auth = oauth::parse_client_auth(session.client_auth, client.secret.has_value())
                      .value_or(client.secret ? oauth::ClientAuth::basic : oauth::ClientAuth::none);
    return client;
}

}  // namespace hearth::providers
