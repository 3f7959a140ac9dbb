#pragma once

#include <gtest/gtest.h>

#include <string>

#include "json/document.hpp"
#include "oauth/form.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"
#include "signing/base64.hpp"
#include "signing/jws.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_http.hpp"
#include "support/pem_keys.hpp"
#include "unit/google/known_material.hpp"

namespace hearth::providers::google {

inline constexpr const char* token_uri = "https://oauth2.googleapis.com/token";
inline constexpr const char* place = "/keys/robot.json";

inline std::string granted(std::string_view more = R"(,"expires_in":3599)") {
    return R"({"access_token":"ya29.new","token_type":"Bearer")" + std::string(more) + "}";
}
inline std::string refusal(std::string_view code, std::string_view description) {
    return R"({"error":")" + std::string(code) + R"(","error_description":")" +
           std::string(description) + R"("})";
}
// One for the whole program, because RSA keys take long to make.
inline const std::string& rsa_pem() {
    static const auto pem = testing::pem_of(testing::rsa_key());
    return pem;
}
inline signing::Key public_key_of(const std::string& pem) {
    return *signing::Key::parse(*signing::Key::from_pem(Secret(pem))->public_jwk());
}

// The world that tokens are got in. It is 2027-01-15T08:00:00Z, 1800000000.
class KeysTest : public ::testing::Test {
  protected:
    KeysTest() { wanted.scopes = {cloud_platform}; }

    Outside outside() {
        return {.http = http,
                .clock = clock,
                .material = material,
                .signer = signer,
                .printed = std::nullopt};
    }
    [[nodiscard]] std::string form_text(std::string_view name, std::size_t request = 0) const {
        return oauth::Query::parse(http.seen().at(request).body)->text(name);
    }
    [[nodiscard]] std::string header(std::string_view name, std::size_t request = 0) const {
        const auto seen = http.seen().at(request);
        for (const auto& one : seen.headers) {
            if (one.name == name) return one.value;
        }
        return {};
    }
    static void expect_discreet(const Error& error) {
        for (const auto& text : {error.what, error.hint}) {
            EXPECT_FALSE(text.contains("secret-of")) << text;
            EXPECT_FALSE(text.contains("eyJ")) << text;
            EXPECT_FALSE(text.contains("ya29")) << text;
        }
    }

    testing::FakeHttp http;
    testing::FakeClock clock;
    KnownMaterial material;
    sigv4::Signer signer;
    Wanted wanted;
};

}  // namespace hearth::providers::google
