#include "oauth/revocation.hpp"

#include <gtest/gtest.h>

#include "support/fake_http.hpp"

namespace hearth::oauth {
namespace {

using testing::FakeHttp;

const std::string url = "https://login.example/revoke";

class Revocation : public ::testing::Test {
  protected:
    Result<> revoked(bool with_refresh_token = true) {
        return revoke(http, url, client, with_refresh_token ? &refresh_token : nullptr,
                      access_token, {});
    }
    FakeHttp http;
    Client client{.id = "me", .secret = {}, .auth = ClientAuth::none};
    Secret refresh_token{"planted-refresh"};
    Secret access_token{"planted-access"};
};

TEST_F(Revocation, takes_the_refresh_token_and_nothing_else) {
    http.answer(url, 200, "");
    EXPECT_TRUE(revoked());
    ASSERT_EQ(http.seen().size(), 1U);
    EXPECT_EQ(http.seen()[0].body,
              "token=planted-refresh&token_type_hint=refresh_token&client_id=me");
}

TEST_F(Revocation, takes_the_access_token_where_there_is_no_other) {
    http.answer(url, 200, "");
    EXPECT_TRUE(revoked(false));
    EXPECT_EQ(http.seen()[0].body,
              "token=planted-access&token_type_hint=access_token&client_id=me");
}

// RFC 7009 section 2.2.1.
TEST_F(Revocation, tries_the_other_token_when_this_kind_is_not_supported) {
    http.answer(url, 400, R"({"error":"unsupported_token_type"})");
    http.answer(url, 200, "");
    EXPECT_TRUE(revoked());
    EXPECT_EQ(http.seen().size(), 2U);
}

TEST_F(Revocation, says_when_the_token_may_still_live) {
    http.answer(url, 503, "");
    EXPECT_EQ(revoked().error().remedy, Remedy::unreachable);
    FakeHttp dead;
    dead.fail(url, HttpFailure::Stage::no_answer);
    EXPECT_EQ(revoke(dead, url, client, &refresh_token, access_token, {}).error().remedy,
              Remedy::unreachable);
}

TEST_F(Revocation, quotes_no_token_in_its_error) {
    http.answer(url, 400,
                R"({"error":"invalid_request","error_description":"what is planted-refresh?"})");
    const auto ending = revoked();
    ASSERT_FALSE(ending);
    EXPECT_EQ(ending.error().what,
              "login.example: the revocation endpoint answered 400 (invalid_request)");
}

TEST_F(Revocation, sends_nothing_over_plain_http) {
    EXPECT_EQ(revoke(http, "http://login.example/revoke", client, &refresh_token, access_token, {})
                  .error()
                  .remedy,
              Remedy::refused);
    EXPECT_TRUE(http.seen().empty());
}

}  // namespace
}  // namespace hearth::oauth
