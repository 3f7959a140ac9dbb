#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "oauth/form.hpp"
#include "providers/google/external_account.hpp"
#include "signing/base64.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_http.hpp"
#include "unit/google/known_material.hpp"

namespace hearth::providers::google {

inline constexpr const char* pool =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";
inline constexpr const char* sts = "https://sts.googleapis.com/v1/token";
inline constexpr const char* robot_url =
    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
    "robot@p.iam.gserviceaccount.com:generateAccessToken";
inline constexpr const char* place = "/etc/pool.json";

inline std::string granted(const std::string& token) {
    return R"({"access_token":")" + token +
           R"(","issued_token_type":"urn:ietf:params:oauth:token-type:access_token",)" +
           R"("token_type":"Bearer","expires_in":3599})";
}

inline std::string impersonated(const std::string& token) {
    return R"({"accessToken":")" + token + R"(","expireTime":"2027-01-15T09:00:00Z"})";
}

// With a signature that nobody made: whoever verifies it is not in the test.
inline std::string jwt_of(std::string_view claims) {
    return signing::base64url(std::string_view(R"({"alg":"RS256","kid":"k"})")) + "." +
           signing::base64url(claims) + "." + signing::base64url(std::string(64, 's'));
}

// The world that tokens are got in. It is 2027-01-15T08:00:00Z.
class FederationTest : public ::testing::Test {
  protected:
    FederationTest() {
        account.audience = pool;
        account.subject_token_type = "urn:ietf:params:oauth:token-type:jwt";
        account.token_url = sts;
        account.source = FileSource{.file = "/run/token", .format = {}};
        material.files["/run/token"] = "subject-token-1";
        wanted.scopes = {cloud_platform};
    }

    Outside outside() {
        return {.http = http,
                .clock = clock,
                .material = material,
                .signer = signer,
                .allow_executables = allow_executables,
                .printed = printed.empty() ? std::nullopt : std::optional(Secret(printed))};
    }
    TokenResult token() { return external_account_token(account, wanted, place, outside(), {}); }
    TokenFailure failure() {
        auto got = token();
        if (got) {
            ADD_FAILURE() << "a token was got";
            return {};
        }
        return std::move(got).error();
    }
    void impersonate_robot() {
        account.impersonation = Impersonation{.url = robot_url, .delegates = {}, .scopes = {}};
    }
    // A parameter of the form that was sent to `url`.
    std::string sent(const std::string& name, const std::string& url = sts) {
        const auto seen = http.seen(url);
        if (seen.empty()) return "nothing was sent to " + url;
        return oauth::Query::parse(seen.back().body).value().text(name);
    }
    std::string header(const std::string& name, const std::string& url) {
        const auto seen = http.seen(url);
        if (seen.empty()) return "nothing was sent to " + url;
        for (const auto& one : seen.back().headers)
            if (one.name == name) return one.value;
        return {};
    }

    testing::FakeHttp http;
    testing::FakeClock clock;
    KnownMaterial material;
    sigv4::Signer signer;
    bool allow_executables = false;
    std::string printed;
    ExternalAccount account;
    Wanted wanted;
};

}  // namespace hearth::providers::google
