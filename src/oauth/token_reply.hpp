#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/http.hpp"
#include "core/scope.hpp"
#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"
#include "json/document.hpp"

namespace hearth::oauth {

// A token endpoint's success (RFC 6749 section 5.1).
struct TokenReply {
    Secret access_token;
    std::optional<Secret> refresh_token;
    std::optional<Secret> id_token;
    std::optional<Span> expires_in;
    std::optional<Span> refresh_expires_in;
    std::optional<Scopes> scopes;  // Absent: as asked.
    Moment requested_at;           // Before the request left: a lifetime is never counted too long.
    json::Document document;       // For what a provider adds.
};

// Why there is no token.
struct TokenFailure {
    enum class Kind : std::uint8_t {
        grant_invalid,  // What was presented (code, refresh token) is dead.
        not_done,       // The server did not do it, or never saw it; what was presented is unspent.
        answer_lost,    // It may have done it; what was presented may be spent.
    };
    Kind kind = Kind::not_done;
    Error error;
    std::string code;  // RFC 6749 section 5.2 and its extensions; empty where the server sent none.
    bool worth_retrying = true;
    std::optional<Span> retry_after;
};

struct TokenAnswer {
    std::expected<TokenReply, TokenFailure> outcome;
    std::optional<Span> server_skew;  // The server's Date minus our clock.
};

// What RFC 6749 section 5.2 lets a server say about a failure, cut and made printable.
struct ErrorReply {
    std::string code;
    std::string description;
    std::string uri;

    // Empty fields when the body is no such object. What repeats one of the secrets, or a piece of
    // one, is left out.
    static ErrorReply read(const HttpResponse& response, const std::vector<Secret>& secrets);
    // " (code: description, see uri)", or nothing.
    [[nodiscard]] std::string shown() const;
};

// The body of a 200. The error says what is wrong with it and quotes none of it; of the headers it
// quotes what repeats none of the secrets.
Result<TokenReply> read_token_reply(const HttpResponse& response,
                                    const std::vector<Secret>& secrets);

// `Retry-After` in seconds or as a date; absent when there is none that can be read.
std::optional<Span> retry_after(const HttpResponse& response, Instant now);
// Zero while the server's whole seconds are compatible with ours.
std::optional<Span> server_skew(const HttpResponse& response, Instant before, Instant after);

}  // namespace hearth::oauth
