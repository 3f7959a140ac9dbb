// A JWT against a token.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>

#include "core/http.hpp"
#include "core/time.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"
#include "providers/google/token_answer.hpp"

namespace hearth::providers::google {

struct JwtRequest {
    HttpRequest request;
    Secret jwt;  // That is in it.
};

struct JwtExchange {
    // A request with a JWT that is good from then on, by the clock of whoever takes it.
    std::function<Result<JwtRequest>(std::chrono::sys_seconds)> request;
    // What a refusal means and what to do.
    std::function<Error(const Refusal&)> words;
    Expected expected = Expected::access_token;
};

// It is asked again once, with the time corrected, where the service takes the JWT for too old or
// too new and its clock and this machine's are apart; a refusal for the time tells how far.
TokenResult exchange_jwt(const JwtExchange& exchange, const Outside& outside,
                         const std::stop_token& stop);

}  // namespace hearth::providers::google
