#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::google {

inline constexpr const char* cloud_platform = "https://www.googleapis.com/auth/cloud-platform";

// What a token is to be for.
struct Wanted {
    std::vector<std::string> scopes;  // Never empty.
    std::string id_token_audience;    // Not empty: an ID token for it instead of an access token.
    std::string jwt_audience;  // Not empty: a JWT that the key itself signs for this service.
    std::string subject;       // Whom a service account acts for; empty: itself.
    bool own_jwt = false;      // A JWT that the key itself signs, with the scopes.
};

// What was got.
struct Token {
    Secret value;
    Span lifetime{};                      // From before it was asked for; never too long.
    std::optional<Secret> refresh_token;  // A new one.
    // How far the clock of whoever gave it is ahead of this machine's, where it told.
    std::optional<Span> server_skew;
};

// Why there is none.
struct TokenFailure {
    enum class Kind : std::uint8_t {
        passing,        // It may be tried again.
        grant_invalid,  // The refresh token, or the sign-in behind it, is dead.
        refused,        // Somebody has to change something first.
        not_asked,      // The same, and it is here: no service was asked.
        answer_lost,    // A refresh token was sent that may rotate, and no answer came.
        needs_program,  // A command, which whoever asks has to run.
    };
    Kind kind = Kind::refused;
    Error error;
    std::optional<Span> retry_after;
    std::optional<Span> server_skew;
};

using TokenResult = std::expected<Token, TokenFailure>;

}  // namespace hearth::providers::google
