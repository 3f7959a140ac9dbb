// The claims of an ID token whose signature is good (OpenID Connect Core section 3.1.3.7), and the
// input as an ID token itself.
#include <algorithm>

#include "fuzz/target.hpp"
#include "json/document.hpp"
#include "oauth/id_token.hpp"
#include "support/fake_clock.hpp"

namespace hearth::fuzz {
namespace {

constexpr const char* key_set_url = "https://issuer.example/keys";

const signing::Key& issuer_key() {
    static const auto key = *signing::Key::generate(signing::KeyKind::p256);
    return key;
}

const oauth::IdTokenExpectation& expected() {
    static const oauth::IdTokenExpectation expectation{
        .issuer = "https://issuer.example", .client_id = "client", .nonce = "nonce"};
    return expectation;
}

Result<signing::Claims> judged(std::string_view token) {
    static const auto key_set = R"({"keys":[)" + *issuer_key().public_jwk() + "]}";
    OneAnswer http({.status = 200, .headers = {}, .body = Secret(key_set)});
    return oauth::validate_id_token(http, Secret(token), key_set_url, expected(),
                                    testing::FakeClock().now().wall, {});
}

}  // namespace

void try_input(std::string_view input) {
    // Made by nobody who has the key.
    const auto forged = judged(input);
    require(!forged);
    require_sound(forged.error());

    const auto token = signing::sign(R"({"alg":"ES256"})", input, "ES256", issuer_key());
    require(token.has_value());
    const auto claims = judged(*token);
    if (!claims) return require_sound(claims.error());
    const auto now = testing::FakeClock().now().wall;
    require(claims->issuer == expected().issuer && !claims->subject.empty());
    require(std::ranges::find(claims->audience, "client") != claims->audience.end());
    require(claims->audience.size() == 1 || claims->authorized_party == "client");
    require(claims->nonce == "nonce");
    require(claims->expires_at && *claims->expires_at + std::chrono::minutes(1) > now);
    require(claims->issued_at && *claims->issued_at <= now + std::chrono::minutes(1));
}

}  // namespace hearth::fuzz
