#include "providers/google/jwt_exchange.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using Kind = TokenFailure::Kind;

// Closer than that, another time changes nothing.
constexpr Span clock_leeway = 5s;

// "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check
// your iat and exp values in the JWT claim." and its like.
bool about_time(const Refusal& refusal) {
    constexpr std::array<std::string_view, 6> words{"short-lived",   "reasonable timeframe",
                                                    "iat and exp",   "expired",
                                                    "not yet valid", "in the future"};
    return refusal.code == "invalid_grant" &&
           std::ranges::any_of(words, [&](auto word) { return refusal.says(word); });
}

// Where it did not tell its time, nothing is known to be apart.
bool apart(const std::optional<Span>& skew) {
    return std::chrono::abs(skew.value_or(Span{})) >= clock_leeway;
}

Error words_about_time(const Refusal& refusal, const std::optional<Span>& skew) {
    Error error{Remedy::failed, refusal.shown(), "set this machine's clock; then: hearth doctor"};
    const auto ahead = skew.value_or(Span{});
    if (apart(skew)) {
        error.what += "; this machine's clock is " + to_string(std::chrono::abs(ahead)) +
                      (ahead > 0s ? " behind" : " ahead of") + " the service's";
    } else if (skew) {
        error.what += "; this machine's clock and the service's agree";
    } else {
        error.what += "; the service did not tell its time";
    }
    return error;
}

TokenFailure failure_of(const JwtExchange& exchange, const Refusal& refusal,
                        const std::optional<Span>& skew) {
    auto failure = refusal.passes()
                       ? refusal.passing_failure()
                       : TokenFailure{.kind = Kind::refused,
                                      .error = about_time(refusal) ? words_about_time(refusal, skew)
                                                                   : exchange.words(refusal),
                                      .retry_after = {},
                                      .server_skew = {}};
    failure.server_skew = skew;
    return failure;
}

std::vector<Secret> only(const Secret& secret) {
    std::vector<Secret> secrets;
    secrets.push_back(secret.clone());
    return secrets;
}

}  // namespace

TokenResult exchange_jwt(const JwtExchange& exchange, const Outside& outside,
                         const std::stop_token& stop) {
    Span correction{};
    for (bool again = false;; again = true) {
        const auto at = outside.clock.now().wall + correction;
        auto made = exchange.request(std::chrono::floor<std::chrono::seconds>(at));
        if (!made) return not_asked(std::move(made).error());
        auto answer = ask_for_token(std::move(made->request), only(made->jwt), exchange.expected,
                                    outside, stop);
        // An answer that never came is no loss: the key signs another one.
        if (!answer) return no_answer(std::move(answer).error());
        if (auto* const token = std::get_if<Token>(&answer->outcome)) return std::move(*token);
        if (auto* const unreadable = std::get_if<Unreadable>(&answer->outcome))
            return std::unexpected(TokenFailure{.kind = Kind::passing,
                                                .error = std::move(unreadable->error),
                                                .retry_after = {},
                                                .server_skew = answer->server_skew});
        const auto& refusal = std::get<Refusal>(answer->outcome);
        if (again || !about_time(refusal) || !apart(answer->server_skew))
            return std::unexpected(failure_of(exchange, refusal, answer->server_skew));
        correction = answer->server_skew.value_or(Span{});
    }
}

}  // namespace hearth::providers::google
