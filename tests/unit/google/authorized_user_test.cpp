#include "providers/google/authorized_user.hpp"

#include <gmock/gmock.h>

#include "unit/google/keys_fixture.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Kind = TokenFailure::Kind;

constexpr const char* pool_url = "https://sts.googleapis.com/v1/oauthtoken";
constexpr const char* gcloud = "gcloud auth application-default login";

std::string newer_refresh_token(const TokenResult& got) {
    if (got && got->refresh_token) return std::string(got->refresh_token->reveal());
    return got ? "none" : got.error().error.what;
}

class UserToken : public KeysTest {
  protected:
    UserToken() {
        user.client_id = "client-1";
        user.client_secret = Secret("secret-of-the-client");
        user.refresh_token = Secret("secret-of-the-person");
        user.token_uri = token_uri;
        user.sign_in = gcloud;
    }
    TokenResult token() { return authorized_user_token(user, wanted, outside(), {}); }
    TokenFailure failure() {
        auto got = token();
        EXPECT_FALSE(got);
        if (got) return {};
        expect_discreet(got.error().error);
        return std::move(got).error();
    }

    AuthorizedUser user;
};

TEST_F(UserToken, is_got_by_the_refresh_token_with_the_client_in_the_form) {
    http.answer(token_uri, 200, granted());
    const auto got = token();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), "ya29.new");
    EXPECT_EQ(got->lifetime, 3599s);
    EXPECT_FALSE(got->refresh_token);
    EXPECT_EQ(http.seen().at(0).body,
              "grant_type=refresh_token&refresh_token=secret-of-the-person&client_id=client-1&"
              "client_secret=secret-of-the-client");
    EXPECT_EQ(header("Authorization"), "");
}

TEST_F(UserToken, lives_as_long_as_a_text_says_too) {
    http.answer(token_uri, 200, granted(R"(,"expires_in":"1799")"));
    EXPECT_EQ(token()->lifetime, 1799s);
}

TEST_F(UserToken, brings_a_newer_refresh_token_along) {
    http.answer(token_uri, 200, granted(R"(,"expires_in":3599,"refresh_token":"newer")"));
    EXPECT_EQ(newer_refresh_token(token()), "newer");
}

TEST_F(UserToken, is_for_the_scopes_that_the_profile_names) {
    http.answer(token_uri, 200, granted());
    wanted.scopes = {"openid", "https://www.googleapis.com/auth/bigquery"};
    ASSERT_TRUE(token());
    EXPECT_EQ(form_text("scope"), "openid https://www.googleapis.com/auth/bigquery");
}

TEST_F(UserToken, is_asked_for_with_the_proof_of_a_reauthentication) {
    http.answer(token_uri, 200, granted());
    user.rapt_token = Secret("proof");
    ASSERT_TRUE(token());
    EXPECT_EQ(form_text("rapt"), "proof");
}

TEST_F(UserToken, is_an_id_token_for_the_persons_own_client_alone) {
    wanted.id_token_audience = "https://service.example";
    const auto failed = failure();
    EXPECT_EQ(failed.kind, Kind::not_asked);
    EXPECT_EQ(failed.error.remedy, Remedy::usage);
    EXPECT_TRUE(http.seen().empty());

    wanted.id_token_audience = "client-1";
    const auto id_token = signing::base64url(std::string_view(R"({"alg":"RS256"})")) + "." +
                          signing::base64url(std::string_view(R"({"exp":1800003000})")) + ".c2ln";
    http.answer(token_uri, 200, granted(R"(,"id_token":")" + id_token + R"(")"));
    const auto got = token();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), id_token);
    EXPECT_EQ(got->lifetime, 50min);
}

TEST_F(UserToken, of_a_session_that_has_to_be_proved_anew_says_so) {
    http.answer(token_uri, 400,
                R"j({"error":"invalid_grant","error_subtype":"invalid_rapt",)j"
                R"j("error_description":"reauth related error (invalid_rapt)",)j"
                R"j("error_uri":"https://support.google.com/a/answer/9368756"})j");
    const auto failed = failure();
    EXPECT_EQ(failed.kind, Kind::grant_invalid);
    EXPECT_EQ(failed.error.remedy, Remedy::sign_in);
    EXPECT_EQ(failed.error.what,
              "oauth2.googleapis.com: Google wants the person to prove anew who they are, as the "
              "organisation's session length says (invalid_grant, invalid_rapt: reauth related "
              "error (invalid_rapt))");
    EXPECT_EQ(failed.error.hint, gcloud);
}

TEST_F(UserToken, that_was_revoked_leaves_the_next_step_to_whoever_holds_the_session) {
    user.sign_in.clear();
    http.answer(token_uri, 400, refusal("invalid_grant", "Token has been expired or revoked."));
    const auto failed = failure();
    EXPECT_EQ(failed.kind, Kind::grant_invalid);
    EXPECT_EQ(failed.error.remedy, Remedy::sign_in);
    EXPECT_THAT(failed.error.what, HasSubstr("the sign-in has expired or was revoked"));
    EXPECT_EQ(failed.error.hint, "");
}

TEST_F(UserToken, of_a_client_that_is_gone_is_no_dead_sign_in) {
    http.answer(token_uri, 401, refusal("invalid_client", "The OAuth client was not found."));
    const auto failed = failure();
    EXPECT_EQ(failed.kind, Kind::refused);
    EXPECT_EQ(failed.error.remedy, Remedy::usage);
}

TEST_F(UserToken, may_be_asked_for_again_for_all_the_words_of_google) {
    for (const auto& [status, body] : {std::pair{500, std::string("<html>")},
                                       {408, std::string()},
                                       {429, refusal("rate_limited", "")},
                                       {400, refusal("internal_failure", "")},
                                       {400, refusal("server_error", "")},
                                       {400, refusal("invalid_grant", "temporarily_unavailable")},
                                       {403, std::string("<html>a proxy</html>")}}) {
        testing::FakeHttp fresh;
        fresh.answer(token_uri, status, body);
        const auto got = authorized_user_token(user, wanted,
                                               {.http = fresh,
                                                .clock = clock,
                                                .material = material,
                                                .signer = signer,
                                                .printed = std::nullopt},
                                               {});
        ASSERT_FALSE(got) << body;
        EXPECT_EQ(got.error().kind, Kind::passing) << body;
        EXPECT_EQ(got.error().error.remedy, Remedy::unreachable) << body;
    }
}

TEST_F(UserToken, was_perhaps_given_where_no_answer_came) {
    http.fail(token_uri, HttpFailure::Stage::no_answer);
    EXPECT_EQ(failure().kind, Kind::answer_lost);
    EXPECT_EQ(http.seen().size(), 1U);
}

TEST_F(UserToken, was_perhaps_given_where_the_answer_cannot_be_read) {
    http.answer(token_uri, 200, "not JSON, secret-of-the-person");
    const auto failed = failure();
    EXPECT_EQ(failed.kind, Kind::answer_lost);
    EXPECT_THAT(failed.error.what, HasSubstr("oauth2.googleapis.com: the token endpoint"));
}

TEST_F(UserToken, was_not_given_where_nothing_was_sent) {
    http.fail(token_uri, HttpFailure::Stage::not_sent);
    EXPECT_EQ(failure().kind, Kind::passing);
}

TEST_F(UserToken, is_not_asked_for_where_only_a_key_could_get_it) {
    wanted.subject = "robin@example.com";
    EXPECT_EQ(failure().kind, Kind::not_asked);
    EXPECT_TRUE(http.seen().empty());
}

class ExternalUserToken : public KeysTest {
  protected:
    ExternalUserToken() {
        user.client_id = "client";
        user.client_secret = Secret("secret-of-the-client");
        user.refresh_token = Secret("secret-of-the-person");
        user.token_url = pool_url;
        user.sign_in = gcloud;
    }
    ExternalAccountAuthorizedUser user;
};

TEST_F(ExternalUserToken, is_got_with_the_client_in_a_header_and_may_rotate) {
    http.answer(pool_url, 200, granted(R"(,"expires_in":3600,"refresh_token":"newer")"));
    EXPECT_EQ(newer_refresh_token(external_user_token(user, outside(), {})), "newer");
    EXPECT_EQ(http.seen().at(0).body,
              "grant_type=refresh_token&refresh_token=secret-of-the-person");
    EXPECT_EQ(header("Authorization"),
              "Basic " + signing::base64(std::string_view("client:secret-of-the-client")));
}

TEST_F(ExternalUserToken, that_is_refused_means_a_dead_sign_in) {
    http.answer(pool_url, 400,
                refusal("invalid_grant", "The refresh token is invalid or has expired."));
    const auto got = external_user_token(user, outside(), {});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::grant_invalid);
    EXPECT_EQ(got.error().error.hint, gcloud);
}

TEST_F(ExternalUserToken, may_have_rotated_where_no_answer_came) {
    http.fail(pool_url, HttpFailure::Stage::no_answer);
    EXPECT_EQ(external_user_token(user, outside(), {}).error().kind, Kind::answer_lost);
}

TEST(RefusalOfUser, says_what_a_disabled_or_deleted_account_is) {
    EXPECT_THAT(refusal_of_user("invalid_grant", "", "Account has been deleted", gcloud).what,
                HasSubstr("the account is deleted"));
    EXPECT_THAT(refusal_of_user("invalid_grant", "", "User account disabled", gcloud).what,
                HasSubstr("the account is disabled"));
}

TEST(RefusalOfUser, tells_a_policy_from_a_dead_sign_in) {
    EXPECT_EQ(refusal_of_user("admin_policy_enforced", "", "", gcloud).remedy, Remedy::failed);
    EXPECT_EQ(refusal_of_user("invalid_scope", "", "", gcloud).remedy, Remedy::usage);
    EXPECT_EQ(refusal_of_user("unauthorized_client", "", "", gcloud).remedy, Remedy::usage);
}

}  // namespace
}  // namespace hearth::providers::google
