#include "signing/claims.hpp"

#include "core/try.hpp"
#include "json/document.hpp"

namespace hearth::signing {
namespace {

std::optional<Instant> instant(const json::Document& claims, std::string_view name) {
    const auto seconds = claims.seconds(name);
    if (!seconds) return {};
    return Instant(*seconds);
}

}  // namespace

Result<Claims> Claims::parse(std::string_view payload) {
    const auto claims = HEARTH_TRY(json::Document::parse(payload));
    return Claims{
        .issuer = claims.text("iss"),
        .subject = claims.text("sub"),
        .audience = claims.texts("aud"),
        .authorized_party = claims.text("azp"),
        .nonce = claims.text("nonce"),
        .expires_at = instant(claims, "exp"),
        .issued_at = instant(claims, "iat"),
        .email = claims.text("email"),
        .name = claims.text("name"),
    };
}

}  // namespace hearth::signing
