// What the token endpoints answer, as people and the session layer need it.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/clock.hpp"
#include "core/http.hpp"
#include "core/time.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// No token (RFC 6749 section 5.2, with a member of Google's own). Cut and made printable; what
// repeats a secret is left out.
struct Refusal {
    int status = 0;
    std::string host;
    std::string code;
    std::string description;
    std::string subtype;
    std::optional<Span> retry_after;

    // It may be asked again: the service says so, or something before it spoke.
    [[nodiscard]] bool passes() const noexcept;
    // "HOST: the token endpoint answered 400 (code: description)"
    [[nodiscard]] std::string shown() const;
    // Whether the description has that in it; lower case, whatever case it is in.
    [[nodiscard]] bool says(std::string_view lower_case) const;
    // The failure for one that passes; the words are the caller's otherwise.
    [[nodiscard]] TokenFailure passing_failure() const;
};

enum class Expected : std::uint8_t { access_token, id_token };

// Something that cannot be read where a token should be.
struct Unreadable {
    Error error;
};

struct Answer {
    std::variant<Token, Refusal, Unreadable> outcome;
    std::optional<Span> server_skew;
};

// Side by side, as RFC 6749 section 3.3 has them.
std::string scope_text(const std::vector<std::string>& scopes);

// One request to a token endpoint, by https or on loopback. `secrets` are those in it, which
// nothing quotes. The error is a request that was not sent, or had no answer.
std::expected<Answer, HttpFailure> ask_for_token(HttpRequest request,
                                                 const std::vector<Secret>& secrets,
                                                 Expected expected, const Outside& outside,
                                                 const std::stop_token& stop);

}  // namespace hearth::providers::google
