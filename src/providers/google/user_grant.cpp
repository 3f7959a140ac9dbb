#include "providers/google/user_grant.hpp"

#include <utility>

#include "providers/google/authorized_user.hpp"

namespace hearth::providers::google {
namespace {

using Kind = TokenFailure::Kind;

TokenFailure lost(Error error) {
    return {
        .kind = Kind::answer_lost, .error = std::move(error), .retry_after = {}, .server_skew = {}};
}

TokenFailure unanswered(HttpFailure failure) {
    if (failure.stage == HttpFailure::Stage::no_answer) return lost(std::move(failure.error));
    return {.kind = Kind::passing,
            .error = std::move(failure.error),
            .retry_after = {},
            .server_skew = {}};
}

TokenFailure refused_user(const Refusal& refusal, std::string_view sign_in) {
    if (refusal.passes()) return refusal.passing_failure();
    auto error = refusal_of_user(refusal.code, refusal.subtype, refusal.description, sign_in);
    error.what = refusal.host + ": " + error.what;
    return {.kind = refusal.code == "invalid_grant" ? Kind::grant_invalid : Kind::refused,
            .error = std::move(error),
            .retry_after = {},
            .server_skew = {}};
}

}  // namespace

TokenResult refresh_user(UserGrant grant, const Outside& outside, const std::stop_token& stop) {
    auto request = oauth::form_request(grant.url, grant.client, grant.form);
    auto answer =
        ask_for_token(std::move(request), grant.form.secrets(), grant.expected, outside, stop);
    if (!answer) return std::unexpected(unanswered(std::move(answer).error()));
    if (auto* const token = std::get_if<Token>(&answer->outcome)) return std::move(*token);
    // The service believes that it has issued a token, so what was presented may be spent.
    auto* const unreadable = std::get_if<Unreadable>(&answer->outcome);
    auto failure = unreadable != nullptr
                       ? lost(std::move(unreadable->error))
                       : refused_user(std::get<Refusal>(answer->outcome), grant.sign_in);
    failure.server_skew = answer->server_skew;
    return std::unexpected(std::move(failure));
}

}  // namespace hearth::providers::google
