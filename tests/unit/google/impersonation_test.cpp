#include "providers/google/impersonation.hpp"

#include <gmock/gmock.h>

#include "unit/google/federation_fixture.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using Kind = TokenFailure::Kind;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* id_url =
    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
    "robot@p.iam.gserviceaccount.com:generateIdToken";

std::string refusal(const std::string& status, const std::string& message,
                    const std::string& details = "[]") {
    return R"({"error":{"code":403,"message":")" + message + R"(","status":")" + status +
           R"(","details":)" + details + "}}";
}

class ImpersonatedToken : public FederationTest {
  protected:
    ImpersonatedToken() { robot.url = robot_url; }
    TokenResult become() {
        return impersonated_token(robot, Secret("ya29.source"), wanted, outside(), {});
    }
    Impersonation robot;
};

TEST_F(ImpersonatedToken, is_asked_for_with_the_sources_token) {
    http.answer(robot_url, 200, impersonated("ya29.robot"));
    wanted.scopes = {"a", "b"};
    const auto got = become();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), "ya29.robot");
    EXPECT_EQ(got->lifetime, 1h);
    EXPECT_EQ(http.seen().back().method, "POST");
    EXPECT_EQ(header("Authorization", robot_url), "Bearer ya29.source");
    EXPECT_EQ(header("Content-Type", robot_url), "application/json");
    EXPECT_EQ(http.seen().back().body, R"({"scope":["a","b"],"lifetime":"3600s"})");
}

TEST_F(ImpersonatedToken, goes_by_the_delegates_the_lifetime_and_the_scopes_of_the_file) {
    http.answer(robot_url, 200, impersonated("ya29.robot"));
    robot.delegates = {"first@p.iam.gserviceaccount.com",
                       "projects/-/serviceAccounts/second@p.iam.gserviceaccount.com"};
    robot.lifetime = 600s;
    robot.scopes = {"of-the-file"};
    ASSERT_TRUE(become());
    EXPECT_EQ(http.seen().back().body,
              R"({"delegates":["projects/-/serviceAccounts/first@p.iam.gserviceaccount.com",)"
              R"("projects/-/serviceAccounts/second@p.iam.gserviceaccount.com"],)"
              R"("scope":["of-the-file"],"lifetime":"600s"})");
}

TEST_F(ImpersonatedToken, lives_as_long_as_the_services_own_clock_says) {
    // This machine is two hours behind.
    http.answer(robot_url, 200, R"({"accessToken":"t","expireTime":"2027-01-15T10:30:00.250Z"})",
                {{"Date", "Fri, 15 Jan 2027 10:00:00 GMT"}});
    const auto got = become();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->lifetime, 30min - 1s + 250ms);
    EXPECT_EQ(got->server_skew, 2h);
}

TEST_F(ImpersonatedToken, lives_no_longer_than_was_asked_for) {
    http.answer(robot_url, 200, R"({"accessToken":"t","expireTime":"2027-01-16T08:00:00Z"})");
    EXPECT_EQ(become().value().lifetime, 1h);
}

TEST_F(ImpersonatedToken, is_an_id_token_where_one_is_wanted) {
    const auto token = jwt_of(R"({"aud":"https://run.example","exp":1800003600})");
    http.answer(id_url, 200, R"({"token":")" + token + R"("})");
    wanted.id_token_audience = "https://run.example";
    robot.delegates = {"first@p.iam.gserviceaccount.com"};
    const auto got = become();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), token);
    EXPECT_EQ(got->lifetime, 1h);
    EXPECT_EQ(http.seen().back().body,
              R"({"delegates":["projects/-/serviceAccounts/first@p.iam.gserviceaccount.com"],)"
              R"("audience":"https://run.example","includeEmail":true})");
}

TEST_F(ImpersonatedToken, that_is_not_whole_or_has_ended_is_none) {
    for (const auto* const body :
         {"", "{}", R"({"accessToken":"t"})", R"({"accessToken":"t","expireTime":"soon"})",
          R"({"expireTime":"2027-01-15T09:00:00Z"})",
          R"({"accessToken":"a b","expireTime":"2027-01-15T09:00:00Z"})",
          R"({"accessToken":"t","expireTime":"2027-01-15T08:00:00Z"})"}) {
        testing::FakeHttp server;
        server.answer(robot_url, 200, body);
        const Outside world{
            .http = server, .clock = clock, .material = material, .signer = signer, .printed = {}};
        const auto got = impersonated_token(robot, Secret("s"), wanted, world, {});
        ASSERT_FALSE(got) << body;
        EXPECT_EQ(got.error().kind, Kind::refused) << body;
    }
}

TEST_F(ImpersonatedToken, that_is_denied_names_the_role_and_whom_it_is_on) {
    http.answer(robot_url, 403,
                refusal("PERMISSION_DENIED",
                        "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it "
                        "may not exist)."));
    const auto got = become();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::refused);
    EXPECT_EQ(got.error().error.remedy, Remedy::failed);
    EXPECT_EQ(got.error().error.what,
              "iamcredentials.googleapis.com: generateAccessToken answered 403 (PERMISSION_DENIED: "
              "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not "
              "exist).)");
    EXPECT_EQ(got.error().error.hint,
              "whoever asks needs the role roles/iam.serviceAccountTokenCreator on "
              "robot@p.iam.gserviceaccount.com; it may take minutes until a role that was given "
              "counts");
    robot.delegates = {"first@p.iam.gserviceaccount.com"};
    EXPECT_THAT(become().error().error.hint,
                HasSubstr("on first@p.iam.gserviceaccount.com, and each delegate on the next"));
}

TEST_F(ImpersonatedToken, that_is_refused_comes_with_the_next_step) {
    struct Case {
        std::string body;
        const char* hint;
    };
    for (const auto& one :
         {Case{refusal("PERMISSION_DENIED", "IAM API", R"([{"reason":"SERVICE_DISABLED"}])"),
               "gcloud services enable iamcredentials.googleapis.com"},
          Case{refusal("PERMISSION_DENIED",
                       "IAM Service Account Credentials API has not been used in project 7 before"),
               "gcloud services enable iamcredentials.googleapis.com"},
          Case{refusal("PERMISSION_DENIED", "no",
                       R"([{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}])"),
               "cloud-platform"},
          Case{refusal("NOT_FOUND", "Not found"), "robot@p.iam.gserviceaccount.com"},
          Case{refusal("FAILED_PRECONDITION", "disabled"), "gcloud iam service-accounts enable"},
          Case{refusal("UNAUTHENTICATED", "no"), "sign in anew"},
          Case{refusal("INVALID_ARGUMENT", "lifetime"),
               "iam.allowServiceAccountCredentialLifetimeExtension"}}) {
        testing::FakeHttp server;
        server.answer(robot_url, 400, one.body);
        const Outside world{
            .http = server, .clock = clock, .material = material, .signer = signer, .printed = {}};
        const auto got = impersonated_token(robot, Secret("s"), wanted, world, {});
        ASSERT_FALSE(got);
        EXPECT_EQ(got.error().kind, Kind::refused);
        EXPECT_THAT(got.error().error.hint, HasSubstr(one.hint)) << one.body;
    }
}

TEST_F(ImpersonatedToken, of_a_busy_or_silent_service_is_asked_for_again) {
    EXPECT_EQ(become().error().kind, Kind::passing);
    http.answer(robot_url, 503, refusal("UNAVAILABLE", "later"), {{"Retry-After", "9"}});
    const auto got = become();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::passing);
    EXPECT_EQ(got.error().error.remedy, Remedy::unreachable);
    EXPECT_EQ(got.error().retry_after, 9s);
}

TEST_F(ImpersonatedToken, repeats_the_sources_token_in_no_error) {
    http.answer(robot_url, 401, refusal("UNAUTHENTICATED", "bad token ya29.source"));
    EXPECT_THAT(become().error().error.what, Not(HasSubstr("ya29")));
}

TEST_F(ImpersonatedToken, is_asked_for_only_at_a_url_of_its_kind_and_never_by_plain_http) {
    robot.url = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/e:signBlob";
    EXPECT_EQ(become().error().kind, Kind::not_asked);
    robot.url = "http://iam.example/v1/projects/-/serviceAccounts/e:generateAccessToken";
    EXPECT_EQ(become().error().error.remedy, Remedy::refused);
    EXPECT_TRUE(http.seen().empty());
}

TEST(EmailIn, is_the_service_accounts) {
    EXPECT_EQ(email_in(robot_url), "robot@p.iam.gserviceaccount.com");
    EXPECT_EQ(email_in("https://iamcredentials.googleapis.com/v1"), "");
    EXPECT_EQ(email_in(""), "");
}

}  // namespace
}  // namespace hearth::providers::google
