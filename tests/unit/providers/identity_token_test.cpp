#include "providers/claude/identity_token.hpp"

#include <algorithm>
#include <map>

#include "provider_fixture.hpp"
#include "support/identity_tokens.hpp"

namespace hearth::providers::claude {
namespace {

using testing::FakeIdentity;
using testing::identity_token_of;

TEST(Assertion, tells_what_it_says_of_itself) {
    const auto text = identity_token_of(
        R"({"iss":"https://issuer.example","sub":"me","aud":["one","two"],"iat":1,"exp":1800000600})");
    const auto assertion = Assertion::parse("\n " + text + "\r\n", "it");
    ASSERT_TRUE(assertion);
    EXPECT_EQ(assertion->token.reveal(), text);
    EXPECT_EQ(assertion->shown(),
              "iss https://issuer.example, sub me, aud one two, exp 2027-01-15T08:10:00Z, kid key");
}

TEST(Assertion, shows_no_control_character_and_no_long_text) {
    const auto assertion = Assertion::parse(
        identity_token_of(R"({"sub":"a\u001b[31mb\nc","iss":")" + std::string(5000, 'x') +
                          R"(","iat":1,"exp":1800000600})"),
        "it");
    ASSERT_TRUE(assertion);
    const auto shown = assertion->shown();
    EXPECT_TRUE(shown.contains("sub a?[31mb?c, "));
    EXPECT_LT(shown.size(), 400U);
    EXPECT_TRUE(std::ranges::none_of(shown, [](char c) { return c >= 0 && c < 0x20; }));
}

TEST(Assertion, shows_nothing_that_repeats_the_token) {
    const auto header = identity_token_of("{}").substr(0, 24);
    const auto assertion = Assertion::parse(
        identity_token_of(R"({"sub":")" + header + R"(","iss":"i","iat":1,"exp":1800000600})"),
        "it");
    ASSERT_TRUE(assertion);
    EXPECT_FALSE(assertion->shown().contains(header));
}

TEST(Assertion, names_what_the_exchange_would_refuse_for_its_form) {
    const std::map<std::string, std::string> cases{
        {"", "it is empty"},
        {" \n", "it is empty"},
        {"planted", "it is not a JSON Web Token"},
        {"a.b", "it is not a JSON Web Token"},
        {"a.b.", "it is not a JSON Web Token"},
        {std::string(16385, 'a'), "it is longer than 16384 characters"},
        {identity_token_of(R"({"sub":"planted","iat":1})"), "it lacks the claim exp"},
        {identity_token_of(R"({"iat":1,"exp":2})"), "it lacks the claim sub"},
        {identity_token_of(R"({"sub":"planted","exp":2})"), "it lacks the claim iat"},
        {identity_token_of(R"({"sub":"planted","iat":1,"exp":"soon"})"),
         "it says nothing readable about when it expires (exp)"},
        {identity_token_of(R"({"sub":"planted","iat":1,"exp":2})", R"({"alg":"ES256"})"),
         "it does not name the key it is signed with (kid)"},
        {identity_token_of(R"({"sub":"planted","iat":1,"exp":2})", R"({"alg":"HS256","kid":"k"})"),
         "it is signed in a way that the exchange does not take (RS, PS and ES are)"},
    };
    for (const auto& [text, what] : cases) {
        const auto assertion = Assertion::parse(text, "it");
        ASSERT_FALSE(assertion) << what;
        EXPECT_EQ(assertion.error().what, what);
        EXPECT_FALSE(assertion.error().hint.empty());
    }
}

class IdentityTokenTest : public ProviderTest {
  protected:
    void given(std::string_view source) {
        profile.federation->identity = IdentitySource::parse(source).value();
    }
    Result<Assertion> obtain() { return identity_token(profile, identity, ports, {}); }

    Profile profile = profile_of("claude");
    FakeIdentity identity;
    const std::string token =
        identity_token_of(R"({"iss":"i","sub":"me","aud":"a","iat":1,"exp":1800000600})");
};

TEST_F(IdentityTokenTest, is_read_from_the_file_anew_each_time) {
    given("file:/run/token");
    identity.files["/run/token"] = token + "\n";
    EXPECT_EQ(obtain()->subject, "me");
    identity.files["/run/token"] =
        identity_token_of(R"({"iss":"i","sub":"you","aud":"a","iat":1,"exp":1800000600})");
    EXPECT_EQ(obtain()->subject, "you");
    identity.files["/run/token"] = "planted";
    EXPECT_EQ(obtain().error().what, "the identity token in /run/token is not a JSON Web Token");
}

TEST_F(IdentityTokenTest, in_a_variable_is_that_of_its_own_profile) {
    given("variable:MINE");
    EXPECT_TRUE(obtain().error().what.contains("MINE"));
    identity.variables[{"other", "MINE"}] = token;
    EXPECT_FALSE(obtain());
    identity.variables[{"work", "MINE"}] = token;
    EXPECT_EQ(obtain()->subject, "me");
}

TEST_F(IdentityTokenTest, of_a_github_job_is_asked_for_with_its_own_key) {
    given("github");
    EXPECT_TRUE(obtain().error().hint.contains("id-token: write"));
    identity.variables[{"work", "ACTIONS_ID_TOKEN_REQUEST_URL"}] = "https://job.example/token?v=2";
    identity.variables[{"work", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"}] = "planted-request-token";
    const std::string url =
        "https://job.example/token?v=2&audience=https%3A%2F%2Fapi.anthropic.com";
    http.answer(url, 200, R"({"count":1,"value":")" + token + R"("})");
    EXPECT_EQ(obtain()->subject, "me");
    EXPECT_EQ(header(http.seen().at(0), "Authorization"), "Bearer planted-request-token");
}

TEST_F(IdentityTokenTest, of_a_github_job_is_not_asked_for_in_the_clear) {
    given("github");
    identity.variables[{"work", "ACTIONS_ID_TOKEN_REQUEST_URL"}] = "http://job.example/token";
    identity.variables[{"work", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"}] = "planted-request-token";
    EXPECT_EQ(obtain().error().remedy, Remedy::refused);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(IdentityTokenTest, of_a_google_machine_comes_from_its_metadata_server) {
    given("google");
    const std::string url =
        "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/"
        "identity?audience=https%3A%2F%2Fapi.anthropic.com&format=full";
    http.answer(url, 200, token, {{"Metadata-Flavor", "Google"}});
    http.answer(url, 200, token);
    http.answer(url, 404, "no such account");
    EXPECT_EQ(obtain()->subject, "me");
    EXPECT_EQ(header(http.seen().at(0), "Metadata-Flavor"), "Google");
    EXPECT_TRUE(obtain().error().what.contains("is not Google's metadata server"));
    EXPECT_TRUE(obtain().error().what.contains("the metadata server answered 404"));
}

TEST_F(IdentityTokenTest, of_aws_is_asked_for_with_the_keys_that_were_given) {
    given("aws:eu-central-1");
    identity.variables[{"work", "AWS_ACCESS_KEY_ID"}] = "AKIDEXAMPLE";
    identity.variables[{"work", "AWS_SECRET_ACCESS_KEY"}] = "planted-secret-key";
    identity.variables[{"work", "AWS_SESSION_TOKEN"}] = "planted-session-token";
    const std::string url = "https://sts.eu-central-1.amazonaws.com/";
    http.answer(
        url, 200,
        "<GetWebIdentityTokenResponse><GetWebIdentityTokenResult><WebIdentityToken>" + token +
            "</WebIdentityToken></GetWebIdentityTokenResult></GetWebIdentityTokenResponse>");
    http.answer(url, 403,
                "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
    EXPECT_EQ(obtain()->subject, "me");
    ASSERT_EQ(http.seen().size(), 1U);
    EXPECT_EQ(http.seen()[0].body,
              "Action=GetWebIdentityToken&Version=2011-06-15&Audience.member.1=https%3A%2F%2Fapi."
              "anthropic.com&DurationSeconds=300&SigningAlgorithm=RS256");
    EXPECT_EQ(header(http.seen()[0], "x-amz-date"), "20270115T080000Z");
    EXPECT_EQ(header(http.seen()[0], "x-amz-security-token"), "planted-session-token");
    EXPECT_TRUE(
        header(http.seen()[0], "authorization")
            .starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20270115/eu-central-1/sts/"
                         "aws4_request, SignedHeaders=content-type;host;x-amz-date;"
                         "x-amz-security-token, Signature="));
    const auto refused = obtain();
    EXPECT_TRUE(refused.error().what.contains("answered 403 (AccessDenied)"));
    EXPECT_TRUE(refused.error().hint.contains("outbound web identity federation"));
}

TEST_F(IdentityTokenTest, of_aws_is_asked_for_with_the_keys_of_the_machines_role) {
    given("aws:eu-central-1");
    const std::string machine = "http://169.254.169.254/latest/";
    EXPECT_TRUE(obtain().error().what.contains("there are none"));
    http.answer(machine + "api/token", 200, "session");
    http.answer(machine + "meta-data/iam/security-credentials/", 200, "runner");
    http.answer(machine + "meta-data/iam/security-credentials/runner", 200,
                R"({"Code":"Success","AccessKeyId":"AKIDROLE","SecretAccessKey":"s","Token":"t",)"
                R"("Expiration":"2027-01-15T14:00:00Z"})");
    http.answer(
        "https://sts.eu-central-1.amazonaws.com/", 200,
        "<GetWebIdentityTokenResponse><GetWebIdentityTokenResult><WebIdentityToken>" + token +
            "</WebIdentityToken></GetWebIdentityTokenResult></GetWebIdentityTokenResponse>");
    EXPECT_EQ(obtain()->subject, "me");
    EXPECT_EQ(header(http.seen(machine + "meta-data/iam/security-credentials/").at(0),
                     "x-aws-ec2-metadata-token"),
              "session");
}

TEST_F(IdentityTokenTest, source_that_does_not_answer_may_be_asked_again) {
    given("google");
    EXPECT_EQ(obtain().error().remedy, Remedy::unreachable);
}

TEST(IdentitySource, is_written_as_it_is_read) {
    for (const auto* const text : {"", "file:/run/a:b", "variable:MY_1", "github", "google",
                                   "aws:eu-central-1", "aws:us-east-1:http://127.0.0.1:80",
                                   "google:http://127.0.0.1:80", "google:http://169.254.169.254"}) {
        const auto source = IdentitySource::parse(text);
        ASSERT_TRUE(source) << text;
        EXPECT_EQ(source->to_string(), text);
    }
}

TEST(IdentitySource, refuses_what_names_nothing) {
    for (const auto* const text :
         {"file:", "file:token", "variable:", "variable:1A", "variable:A-B", "github:x", "azure",
          "aws", "aws:", "aws:x.example/", "aws:eu-1:http://example.com",
          "google:http://example.com", "google:", "google:https://x.example/path", "/run/token"}) {
        const auto source = IdentitySource::parse(text);
        ASSERT_FALSE(source) << text;
        EXPECT_TRUE(source.error().what.starts_with("must ")) << source.error().what;
    }
}

}  // namespace
}  // namespace hearth::providers::claude
