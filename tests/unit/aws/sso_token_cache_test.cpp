#include "providers/aws/sso_token_cache.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;

class KnownFiles : public PlanFiles {
  public:
    Result<Secret> file(const std::string& path, std::size_t /*limit*/) override {
        const auto found = files.find(path);
        if (found == files.end())
            return std::unexpected(Error{Remedy::failed, "cannot read " + path, ""});
        return Secret(found->second);
    }
    std::map<std::string, std::string> files;
};

class SsoTokenCache : public ::testing::Test {
  protected:
    // SHA-1 of "my-sso".
    static constexpr const char* file =
        "/home/me/.aws/sso/cache/0ad374308c5a4e22f723adf10145eafad7c4031c.json";

    auto read_holding(const std::string& text) {
        files.files[file] = text;
        return read();
    }
    std::expected<CachedSsoToken, KeysFailure> read() {
        return cached_sso_token(way, "/home/me", files, now);
    }
    void expect_unusable(const std::string& text, const std::string& what) {
        const auto none = read_holding(text);
        ASSERT_FALSE(none) << text;
        EXPECT_EQ(none.error().kind, KeysFailure::Kind::needs_person);
        EXPECT_EQ(none.error().error.remedy, Remedy::sign_in);
        EXPECT_NE(none.error().error.what.find(what), std::string::npos) << none.error().error.what;
        EXPECT_NE(none.error().error.what.find(file), std::string::npos);
        EXPECT_TRUE(none.error().error.hint.starts_with("aws sso login --sso-session my-sso, or "));
    }

    IdentityCenter way{.session = "my-sso",
                       .start_url = "https://d-92671207e4.awsapps.com/start",
                       .region = "eu-west-1",
                       .scopes = {},
                       .account_id = {},
                       .role_name = {}};
    KnownFiles files;
    Instant now = parse_rfc3339("2026-01-02T03:04:05Z").value();
};

TEST_F(SsoTokenCache, is_named_for_the_session_or_else_the_start_url) {
    EXPECT_EQ(sso_cache_file(way, "/home/me"), file);
    way.session.clear();
    EXPECT_EQ(sso_cache_file(way, "/home/me"),
              "/home/me/.aws/sso/cache/13f9d35043871d073ab260e020f0ffde092cb14b.json");
}

TEST_F(SsoTokenCache, gives_a_token_that_still_lives) {
    const auto token =
        read_holding(R"({"accessToken":"t","expiresAt":"2026-01-02T03:04:06Z","region":"x"})");
    ASSERT_TRUE(token) << token.error().error.what;
    EXPECT_EQ(token->access_token.reveal(), "t");
    EXPECT_EQ(token->expires_at, now + 1s);
}

TEST_F(SsoTokenCache, may_say_its_expiry_as_other_programs_write_it) {
    for (const auto* const text : {"2026-01-02T05:04:06+01:00", "2026-01-02T04:04:06UTC"}) {
        const auto token =
            read_holding(std::string(R"({"accessToken":"t","expiresAt":")") + text + R"("})");
        ASSERT_TRUE(token) << text;
        EXPECT_EQ(token->expires_at, now + 1h + 1s) << text;
    }
}

TEST_F(SsoTokenCache, that_cannot_be_used_is_named_with_the_next_step) {
    expect_unusable(R"({"accessToken":"t","expiresAt":"2026-01-02T03:04:05Z"})",
                    "expired at 2026-01-02T03:04:05Z");
    expect_unusable(R"({"accessToken":"t"})", "holds no token");
    expect_unusable(R"({"accessToken":"t","expiresAt":"soon"})", "holds no token");
    expect_unusable(R"({"expiresAt":"2026-01-02T03:04:06Z"})", "holds no token");
    expect_unusable("not JSON", "holds no token");
}

TEST_F(SsoTokenCache, that_is_not_there_means_that_nobody_has_signed_in) {
    const auto none = read();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, KeysFailure::Kind::needs_person);
    EXPECT_NE(none.error().error.what.find("https://d-92671207e4.awsapps.com/start"),
              std::string::npos);
    EXPECT_NE(none.error().error.what.find(file), std::string::npos);
}

}  // namespace
}  // namespace hearth::providers::aws
