#include "providers/google/service_account.hpp"

#include <gmock/gmock.h>

#include "unit/google/keys_fixture.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Kind = TokenFailure::Kind;

constexpr std::int64_t now = 1'800'000'000;
constexpr const char* too_old =
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim.";

std::vector<Header> date(std::string_view text) {
    return {{.name = "Date", .value = std::string(text)}};
}

class ServiceAccountToken : public KeysTest {
  protected:
    ServiceAccountToken() {
        account.client_email = "robot@p.iam.gserviceaccount.com";
        account.private_key_id = "0123abcd";
        account.private_key = Secret(rsa_pem());
        account.token_uri = token_uri;
    }
    TokenResult token() { return service_account_token(account, wanted, place, outside(), {}); }
    TokenFailure failure() {
        auto got = token();
        EXPECT_FALSE(got);
        if (got) return {};
        expect_discreet(got.error().error);
        return std::move(got).error();
    }
    TokenFailure refused(std::string_view code, std::string_view description) {
        http.answer(token_uri, 400, refusal(code, description));
        return failure();
    }
    // The JWT of that request, as Google reads it.
    signing::Jws sent_jwt(std::size_t request = 0) {
        auto jws = signing::Jws::parse(form_text("assertion", request));
        EXPECT_TRUE(jws);
        EXPECT_TRUE(
            signing::verify(*jws, public_key_of(std::string(account.private_key.reveal()))));
        return *std::move(jws);
    }
    json::Document sent_claims(std::size_t request = 0) {
        return *json::Document::parse(sent_jwt(request).payload);
    }

    ServiceAccount account;
};

TEST_F(ServiceAccountToken, is_got_by_a_jwt_that_the_key_signed) {
    http.answer(token_uri, 200, granted());
    const auto got = token();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), "ya29.new");
    EXPECT_EQ(got->lifetime, 3599s);
    EXPECT_FALSE(got->refresh_token);

    EXPECT_EQ(http.seen().at(0).method, "POST");
    EXPECT_EQ(form_text("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
    const auto jws = sent_jwt();
    EXPECT_THAT(jws.signed_text,
                ::testing::StartsWith(signing::base64url(std::string_view(
                                          R"({"alg":"RS256","typ":"JWT","kid":"0123abcd"})")) +
                                      "."));
    const auto claims = sent_claims();
    EXPECT_EQ(claims.text("iss"), account.client_email);
    EXPECT_EQ(claims.text("aud"), token_uri);
    EXPECT_EQ(claims.text("scope"), cloud_platform);
    EXPECT_EQ(claims.number("iat"), now);
    EXPECT_EQ(claims.number("exp"), now + 3600);
    EXPECT_FALSE(claims.has("sub"));
    EXPECT_FALSE(claims.has("target_audience"));
}

TEST_F(ServiceAccountToken, is_for_all_scopes_and_for_whom_the_account_acts) {
    http.answer(token_uri, 200, granted());
    wanted.scopes = {"https://www.googleapis.com/auth/drive", "email"};
    wanted.subject = "robin@example.com";
    ASSERT_TRUE(token());
    EXPECT_EQ(sent_claims().text("scope"), "https://www.googleapis.com/auth/drive email");
    EXPECT_EQ(sent_claims().text("sub"), "robin@example.com");
}

TEST_F(ServiceAccountToken, is_signed_by_es256_with_a_key_on_a_curve) {
    account.private_key = Secret(testing::pem_of(testing::ec_key()));
    http.answer(token_uri, 200, granted());
    ASSERT_TRUE(token());
    EXPECT_EQ(sent_jwt().algorithm, "ES256");
}

TEST_F(ServiceAccountToken, has_no_key_id_in_its_jwt_where_the_file_has_none) {
    account.private_key_id.clear();
    http.answer(token_uri, 200, granted());
    ASSERT_TRUE(token());
    EXPECT_THAT(sent_jwt().signed_text,
                ::testing::StartsWith(
                    signing::base64url(std::string_view(R"({"alg":"RS256","typ":"JWT"})")) + "."));
}

// What somebody on this machine is handed is of no use at Google.
TEST_F(ServiceAccountToken, of_a_service_on_loopback_is_asked_for_with_its_own_audience) {
    account.token_uri = "http://127.0.0.1:9/google/token";
    http.answer(account.token_uri, 200, granted());
    ASSERT_TRUE(token());
    EXPECT_EQ(sent_claims().text("aud"), account.token_uri);
}

TEST_F(ServiceAccountToken, is_an_id_token_where_an_audience_wants_one) {
    wanted.id_token_audience = "https://service.example";
    const auto id_token = signing::base64url(std::string_view(R"({"alg":"RS256"})")) + "." +
                          signing::base64url(std::string_view(R"({"exp":1800003600})")) + ".c2ln";
    http.answer(token_uri, 200, R"({"id_token":")" + id_token + R"("})");
    const auto got = token();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), id_token);
    EXPECT_EQ(got->lifetime, 1h);
    EXPECT_EQ(sent_claims().text("target_audience"), "https://service.example");
    EXPECT_FALSE(sent_claims().has("scope"));
}

TEST_F(ServiceAccountToken, is_the_keys_own_jwt_for_a_service_without_a_request) {
    wanted.jwt_audience = "https://aiplatform.googleapis.com/";
    const auto got = token();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_TRUE(http.seen().empty());
    EXPECT_EQ(got->lifetime, 1h);
    const auto jws = *signing::Jws::parse(got->value.reveal());
    EXPECT_TRUE(signing::verify(jws, public_key_of(rsa_pem())));
    EXPECT_EQ(jws.key_id, "0123abcd");
    EXPECT_EQ(jws.payload,
              R"({"iss":"robot@p.iam.gserviceaccount.com","sub":"robot@p.iam.gserviceaccount.com",)"
              R"("aud":"https://aiplatform.googleapis.com/","iat":1800000000,"exp":1800003600})");
}

TEST_F(ServiceAccountToken, is_the_keys_own_jwt_with_scopes_in_another_cloud) {
    wanted.own_jwt = true;
    const auto got = token();
    ASSERT_TRUE(got);
    const auto claims = *json::Document::parse(signing::Jws::parse(got->value.reveal())->payload);
    EXPECT_EQ(claims.text("scope"), cloud_platform);
    EXPECT_FALSE(claims.has("aud"));
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(ServiceAccountToken, that_the_key_signs_itself_is_for_nobody_else) {
    wanted.jwt_audience = "https://aiplatform.googleapis.com/";
    wanted.subject = "robin@example.com";
    const auto failed = failure();
    EXPECT_EQ(failed.kind, Kind::not_asked);
    EXPECT_EQ(failed.error.remedy, Remedy::usage);
}

TEST_F(ServiceAccountToken, is_not_asked_for_with_a_key_that_is_none) {
    account.private_key = Secret("-----BEGIN secret-of-somebody-----");
    const auto failed = failure();
    EXPECT_EQ(failed.kind, Kind::not_asked);
    EXPECT_THAT(failed.error.what, HasSubstr("/keys/robot.json: the private key is no PEM"));
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(ServiceAccountToken, is_asked_for_again_by_the_services_clock_where_this_one_is_behind) {
    http.answer(token_uri, 400, refusal("invalid_grant", too_old),
                date("Fri, 15 Jan 2027 10:00:00 GMT"));
    http.answer(token_uri, 200, granted(), date("Fri, 15 Jan 2027 10:00:00 GMT"));
    const auto got = token();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(sent_claims(0).number("iat"), now);
    EXPECT_EQ(sent_claims(1).number("iat"), now + 7200);
    EXPECT_EQ(got->server_skew, 2h);
    EXPECT_EQ(got->lifetime, 3599s);
}

TEST_F(ServiceAccountToken, that_is_refused_for_its_time_tells_how_far_the_clocks_are_apart) {
    http.answer(token_uri, 400, refusal("invalid_grant", too_old),
                date("Fri, 15 Jan 2027 05:59:59 GMT"));
    const auto failed = failure();
    EXPECT_EQ(http.seen().size(), 2U);
    EXPECT_EQ(failed.kind, Kind::refused);
    EXPECT_THAT(failed.error.what, HasSubstr("this machine's clock is 2h ahead of the service's"));
    EXPECT_THAT(failed.error.hint, HasSubstr("set this machine's clock"));
    EXPECT_EQ(failed.server_skew, -2h);
}

TEST_F(ServiceAccountToken, is_not_asked_for_twice_where_the_clocks_agree) {
    http.answer(token_uri, 400, refusal("invalid_grant", too_old),
                date("Fri, 15 Jan 2027 08:00:01 GMT"));
    EXPECT_THAT(failure().error.what, HasSubstr("clock and the service's agree"));
    EXPECT_EQ(http.seen().size(), 1U);
}

TEST_F(ServiceAccountToken, is_refused_with_a_key_that_was_deleted) {
    const auto failed = refused("invalid_grant", "Invalid JWT Signature.");
    EXPECT_EQ(failed.kind, Kind::refused);
    EXPECT_EQ(failed.error.remedy, Remedy::failed);
    EXPECT_EQ(failed.error.what,
              "oauth2.googleapis.com: the token endpoint answered 400 (invalid_grant: Invalid JWT "
              "Signature.); the key 0123abcd of robot@p.iam.gserviceaccount.com is deleted, "
              "disabled or not the account's");
    EXPECT_THAT(failed.error.hint, HasSubstr("in place of /keys/robot.json"));
}

TEST_F(ServiceAccountToken, of_an_account_that_is_gone_says_so) {
    EXPECT_THAT(refused("invalid_grant", "Invalid grant: account not found").error.what,
                HasSubstr("there is no service account robot@p.iam.gserviceaccount.com"));
}

TEST_F(ServiceAccountToken, of_a_disabled_account_says_how_to_enable_it) {
    EXPECT_THAT(refused("invalid_grant", "Invalid grant: account disabled").error.hint,
                HasSubstr("gcloud iam service-accounts enable robot@"));
}

TEST_F(ServiceAccountToken, without_delegation_names_whom_it_may_not_act_for) {
    wanted.subject = "robin@example.com";
    const auto failed =
        refused("unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client not "
                "authorized for any of the scopes requested.");
    EXPECT_THAT(failed.error.what, HasSubstr("may not act for robin@example.com"));
    EXPECT_THAT(failed.error.hint, HasSubstr("domain-wide delegation"));
}

TEST_F(ServiceAccountToken, for_scopes_that_do_not_exist_points_at_the_profile) {
    const auto failed = refused("invalid_scope", "Invalid OAuth scope or ID token audience.");
    EXPECT_EQ(failed.error.remedy, Remedy::usage);
    EXPECT_THAT(failed.error.hint, HasSubstr("scopes"));
}

TEST_F(ServiceAccountToken, may_be_asked_for_again_where_the_service_is_busy) {
    http.answer(token_uri, 503, "busy", {{.name = "Retry-After", .value = "7"}});
    const auto failed = failure();
    EXPECT_EQ(failed.kind, Kind::passing);
    EXPECT_EQ(failed.error.remedy, Remedy::unreachable);
    EXPECT_EQ(failed.retry_after, 7s);
}

TEST_F(ServiceAccountToken, loses_nothing_by_an_answer_that_never_came) {
    http.fail(token_uri, HttpFailure::Stage::no_answer);
    EXPECT_EQ(failure().kind, Kind::passing);
}

TEST_F(ServiceAccountToken, is_not_quoted_where_the_service_repeats_the_jwt) {
    http.answer_with(
        token_uri, [](const testing::FakeHttp::Seen& seen) -> testing::FakeHttp::Answer {
            const auto jwt = oauth::Query::parse(seen.body)->text("assertion");
            return HttpResponse{
                .status = 400, .headers = {}, .body = Secret(refusal("invalid_grant", jwt))};
        });
    EXPECT_THAT(failure().error.what, HasSubstr("(invalid_grant)"));
}

class GdchToken : public KeysTest {
  protected:
    GdchToken() {
        account.project = "p";
        account.name = "robot";
        account.private_key_id = "k1";
        account.private_key = Secret(pem);
        account.token_uri = "https://service-identity.cloud.example/authenticate";
        wanted.id_token_audience = "https://service.cloud.example";
    }
    std::string pem = testing::former_pem_of(testing::ec_key());
    GdchServiceAccount account;
};

TEST_F(GdchToken, is_got_by_exchange_of_a_jwt) {
    http.answer(account.token_uri, 200, granted());
    const auto got = gdch_token(account, wanted, place, outside(), {});
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), "ya29.new");
    const auto body = *json::Document::parse(http.seen().at(0).body);
    EXPECT_EQ(body.text("grant_type"), "urn:ietf:params:oauth:token-type:token-exchange");
    EXPECT_EQ(body.text("audience"), "https://service.cloud.example");
    EXPECT_EQ(body.text("requested_token_type"), "urn:ietf:params:oauth:token-type:access_token");
    EXPECT_EQ(body.text("subject_token_type"), "urn:k8s:params:oauth:token-type:serviceaccount");
    const auto jws = *signing::Jws::parse(body.text("subject_token"));
    EXPECT_TRUE(signing::verify(jws, public_key_of(pem)));
    EXPECT_EQ(jws.algorithm, "ES256");
    const auto claims = *json::Document::parse(jws.payload);
    EXPECT_EQ(claims.text("iss"), "system:serviceaccount:p:robot");
    EXPECT_EQ(claims.text("sub"), "system:serviceaccount:p:robot");
    EXPECT_EQ(claims.text("aud"), account.token_uri);
}

TEST_F(GdchToken, needs_to_know_for_which_service) {
    wanted.id_token_audience.clear();
    const auto got = gdch_token(account, wanted, place, outside(), {});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::not_asked);
    EXPECT_THAT(got.error().error.hint, HasSubstr("id_token_audience"));
}

TEST_F(GdchToken, of_a_service_with_an_authority_of_its_own_says_where_to_name_it) {
    account.ca_cert_path = "/etc/ca.pem";
    const auto untrusted = [](const testing::FakeHttp::Seen&) -> testing::FakeHttp::Answer {
        return std::unexpected(HttpFailure{HttpFailure::Stage::not_sent,
                                           Error{Remedy::failed, "the certificate is bad", ""}});
    };
    http.answer_with(account.token_uri, untrusted);
    const auto got = gdch_token(account, wanted, place, outside(), {});
    ASSERT_FALSE(got);
    EXPECT_THAT(got.error().error.hint,
                HasSubstr("hearth config set network.certificates /etc/ca.pem"));
}

TEST_F(GdchToken, that_is_refused_says_what_to_check) {
    http.answer(account.token_uri, 401, refusal("invalid_client", "no such identity"));
    const auto got = gdch_token(account, wanted, place, outside(), {});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::refused);
    EXPECT_THAT(got.error().error.what, HasSubstr("answered 401 (invalid_client: no such"));
}

}  // namespace
}  // namespace hearth::providers::google
