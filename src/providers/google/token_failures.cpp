#include "providers/google/token_failures.hpp"

#include <utility>

#include "oauth/token_reply.hpp"

namespace hearth::providers::google {

using Kind = TokenFailure::Kind;

std::unexpected<TokenFailure> not_asked(Error error) {
    return std::unexpected(TokenFailure{
        .kind = Kind::not_asked, .error = std::move(error), .retry_after = {}, .server_skew = {}});
}

std::unexpected<TokenFailure> refused(Error error) {
    return std::unexpected(TokenFailure{
        .kind = Kind::refused, .error = std::move(error), .retry_after = {}, .server_skew = {}});
}

std::unexpected<TokenFailure> no_answer(HttpFailure failure) {
    // A certificate that cannot be used, and the like: nobody has to wait for it to pass.
    const bool here = failure.stage == HttpFailure::Stage::not_sent &&
                      failure.error.remedy != Remedy::unreachable;
    return std::unexpected(TokenFailure{.kind = here ? Kind::not_asked : Kind::passing,
                                        .error = std::move(failure.error),
                                        .retry_after = {},
                                        .server_skew = {}});
}

std::unexpected<TokenFailure> answered(const HttpResponse& response, std::string what,
                                       std::string hint, Instant now) {
    const bool passing = passes(response.status);
    return std::unexpected(
        TokenFailure{.kind = passing ? Kind::passing : Kind::refused,
                     .error = {passing ? Remedy::unreachable : Remedy::failed, std::move(what),
                               passing ? std::string() : std::move(hint)},
                     .retry_after = oauth::retry_after(response, now),
                     .server_skew = {}});
}

bool passes(int status) noexcept {
    return status >= 500 || status == 429 || status == 408 || status == 425;
}

Result<> check_possible(const Wanted& wanted, std::string_view what) {
    if (wanted.jwt_audience.empty() && wanted.subject.empty()) return {};
    return std::unexpected(
        Error{Remedy::usage,
              std::string(wanted.subject.empty() ? "jwt_audience" : "subject") +
                  " needs the key of a service account, and " + std::string(what) + " has none",
              "take it out of the profile, or name the account's key file by credentials_file"});
}

}  // namespace hearth::providers::google
