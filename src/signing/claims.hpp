#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "hearth/error.hpp"

namespace hearth::signing {

// The claims of a JSON Web Token (RFC 7519) that decisions and displays need. What is absent is
// empty.
struct Claims {
    std::string issuer;
    std::string subject;
    std::vector<std::string> audience;
    std::string authorized_party;
    std::string nonce;
    std::optional<Instant> expires_at;
    std::optional<Instant> issued_at;
    std::string email;
    std::string name;

    static Result<Claims> parse(std::string_view payload);
};

}  // namespace hearth::signing
