#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::claude {

// The longest identity token that the exchange takes.
inline constexpr std::size_t longest_assertion = 16UL * 1024;

// An identity token (RFC 7519) as it says of itself. Whether that is true only the server can tell.
struct Assertion {
    Secret token;
    std::string algorithm;
    std::string key_id;
    std::string issuer;
    std::string subject;
    std::vector<std::string> audience;
    Instant expires_at;

    // Takes blanks and line ends around it away. Refuses what the server would refuse for its form
    // alone; the error says what is wrong, quotes nothing, and begins with `where`.
    static Result<Assertion> parse(std::string_view text, std::string_view where);
    // "iss …, sub …, aud …, exp …, kid …", cut and made printable, with nothing in it that repeats
    // a piece of the token: for people, to compare with the rule.
    [[nodiscard]] std::string shown() const;
};

}  // namespace hearth::providers::claude
