#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/http.hpp"
#include "core/time.hpp"
#include "hearth/secret.hpp"
#include "signing/claims.hpp"

namespace hearth::providers::google {

// What a JSON Web Token says of itself, which only whoever takes it can verify. Absent for any
// other token.
std::optional<signing::Claims> claims_in(std::string_view token);
// "iss …, sub …, aud …, exp …", cut, made printable, and with no piece of the token in it.
std::string shown(const signing::Claims& claims, const Secret& token);

// How long it is to `end` by the clock of whoever answered, counted from before it was asked, and
// never too long. By this machine's clock where the answer has no date.
Span lifetime_until(Instant end, const HttpResponse& response, Instant before);

}  // namespace hearth::providers::google
