#include "providers/google/google.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/google/known_material.hpp"
#include "unit/providers/provider_fixture.hpp"

namespace hearth::providers {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* token_uri = "https://oauth2.googleapis.com/token";
constexpr const char* token_info = "https://oauth2.googleapis.com/tokeninfo?access_token=ya29.a";
constexpr const char* adc = "/home/robin/.config/gcloud/application_default_credentials.json";
constexpr const char* metadata =
    "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"
    "?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform";

std::string user_file(const std::string& refresh_token) {
    return R"({"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":")" +
           refresh_token + R"(","quota_project_id":"payer","account":"robin@example.com"})";
}

std::string granted(const std::string& token) {
    return R"({"access_token":")" + token + R"(","expires_in":3600,"token_type":"Bearer"})";
}

class GoogleProvider : public ProviderTest {
  protected:
    GoogleProvider() { profile.provider = "google"; }

    Session renewed(const Session& session = {}) {
        auto renewal = provider.renew(profile, session, {});
        if (auto* const got = std::get_if<Renewed>(&renewal.outcome))
            return std::move(got->session);
        ADD_FAILURE() << "not renewed";
        return {};
    }
    NotRenewed not_renewed(const Session& session = {}) {
        auto renewal = provider.renew(profile, session, {});
        if (auto* const got = std::get_if<NotRenewed>(&renewal.outcome)) return std::move(*got);
        ADD_FAILURE() << "renewed, or given up";
        return {};
    }

    google::KnownMaterial material;
    Profile profile = profile_of("google");
    Google provider{ports, material};
};

TEST_F(GoogleProvider, gets_a_token_by_what_gcloud_has_written) {
    material.files[adc] = user_file("r1");
    http.answer(token_uri, 200, granted("ya29.a"));
    const auto session = renewed();
    EXPECT_EQ(session.access_token.reveal(), "ya29.a");
    EXPECT_EQ(session.lifespan->lifetime, 1h);
    EXPECT_TRUE(session.unattended);
    EXPECT_FALSE(session.refresh_token) << "it stays in the file";
    EXPECT_EQ(sent(http.seen(token_uri).front(), "refresh_token"), "r1");
    EXPECT_EQ(provider.basis(profile), session.facts.at(basis_fact));
}

TEST_F(GoogleProvider, bills_the_project_that_the_file_names_unless_the_profile_names_one) {
    material.files[adc] = user_file("r1");
    http.answer(token_uri, 200, granted("ya29.a"));
    const auto session = renewed();
    const auto headers = [&] {
        return provider.credential(profile, session)
            ->headers("GET", "https://host.example/")
            .value();
    };
    EXPECT_THAT(headers(), ::testing::Contains(Header{"x-goog-user-project", "payer"}));
    profile.google->quota_project = "other";
    EXPECT_THAT(headers(), ::testing::Contains(Header{"x-goog-user-project", "other"}));
}

TEST_F(GoogleProvider, keeps_a_newer_refresh_token_for_as_long_as_the_file_is_the_same) {
    material.files[adc] = user_file("r1");
    http.answer(token_uri, 200,
                R"({"access_token":"ya29.a","expires_in":3600,"token_type":"Bearer",)"
                R"("refresh_token":"r2"})");
    auto session = renewed();
    session = renewed(session);
    EXPECT_EQ(sent(http.seen(token_uri).back(), "refresh_token"), "r2");
    material.files[adc] = user_file("after-another-sign-in");
    session = renewed(session);
    EXPECT_EQ(sent(http.seen(token_uri).back(), "refresh_token"), "after-another-sign-in");
}

TEST_F(GoogleProvider, forgets_a_newer_refresh_token_once_the_file_is_another) {
    material.files[adc] = user_file("r1");
    http.answer(token_uri, 200,
                R"({"access_token":"ya29.a","expires_in":3600,"token_type":"Bearer",)"
                R"("refresh_token":"r2"})");
    http.answer(token_uri, 200, granted("ya29.b"));
    auto session = renewed();
    material.files[adc] = user_file("of-another-person");
    session = renewed(session);
    session = renewed(session);
    EXPECT_EQ(sent(http.seen(token_uri).back(), "refresh_token"), "of-another-person");
}

TEST_F(GoogleProvider, keeps_nothing_that_would_speak_for_itself_where_it_becomes_somebody) {
    profile.google->impersonate = "a@p.iam.gserviceaccount.com";
    EXPECT_EQ(provider.adopt(profile, Secret(user_file("r1"))).error().remedy, Remedy::usage);
    profile.google->impersonate.clear();
    http.answer(token_uri, 200, granted("ya29.a"));
    const auto session = provider.adopt(profile, Secret(user_file("r1"))).value();
    profile.google->impersonate = "a@p.iam.gserviceaccount.com";
    EXPECT_EQ(not_renewed(session).error.remedy, Remedy::usage);
}

TEST_F(GoogleProvider, does_not_go_on_with_what_it_holds_where_the_profile_names_a_file) {
    http.answer(token_uri, 200, granted("ya29.a"));
    const auto session = provider.adopt(profile, Secret(user_file("r1"))).value();
    profile.google->credentials_file = "/etc/keys/other.json";
    const auto outcome = not_renewed(session);
    EXPECT_EQ(outcome.error.remedy, Remedy::usage);
    EXPECT_THAT(outcome.error.what, HasSubstr("credentials_file"));
}

TEST_F(GoogleProvider, has_another_basis_once_it_is_to_become_another_account) {
    profile.google->base_profile = "me";
    profile.google->impersonate = "a@p.iam.gserviceaccount.com";
    const auto before = provider.basis(profile);
    EXPECT_NE(before, "");
    profile.google->impersonate = "b@p.iam.gserviceaccount.com";
    EXPECT_NE(provider.basis(profile), before);
}

TEST_F(GoogleProvider, gives_no_session_up_for_a_refresh_token_in_a_file) {
    material.files[adc] = user_file("r1");
    http.answer(token_uri, 400, R"({"error":"invalid_grant","error_description":"Bad Request"})");
    const auto outcome = not_renewed();
    EXPECT_EQ(outcome.error.remedy, Remedy::sign_in);
    EXPECT_TRUE(outcome.look_again);
}

TEST_F(GoogleProvider, asks_the_metadata_server_where_there_is_no_file) {
    http.answer(metadata, 200, granted("ya29.m"),
                {{"Metadata-Flavor", "Google"}, {"Content-Type", "application/json"}});
    EXPECT_EQ(renewed().access_token.reveal(), "ya29.m");
}

TEST_F(GoogleProvider, keeps_a_handed_over_sign_in_and_needs_the_file_no_more) {
    http.answer(token_uri, 200, granted("ya29.a"));
    auto session = provider.adopt(profile, Secret(user_file("r1"))).value();
    EXPECT_EQ(session.access_token.reveal(), "ya29.a");
    EXPECT_EQ(session.refresh_token->reveal(), "r1");
    EXPECT_FALSE(session.unattended);
    EXPECT_EQ(session.account.email, "robin@example.com");
    session = renewed(session);
    EXPECT_EQ(sent(http.seen(token_uri).back(), "refresh_token"), "r1");
}

TEST_F(GoogleProvider, tells_that_a_handed_over_refresh_token_is_dead) {
    http.answer(token_uri, 200, granted("ya29.a"));
    const auto session = provider.adopt(profile, Secret(user_file("r1"))).value();
    testing::FakeHttp later;
    const Ports other{later, clock, random, callbacks, waiter};
    later.answer(token_uri, 400, R"({"error":"invalid_grant","error_description":"revoked"})");
    const auto renewal = Google(other, material).renew(profile, session, {});
    ASSERT_TRUE(std::holds_alternative<GrantInvalid>(renewal.outcome));
}

TEST_F(GoogleProvider, keeps_nothing_that_the_provider_refuses) {
    http.answer(token_uri, 400, R"({"error":"invalid_grant","error_description":"revoked"})");
    const auto session = provider.adopt(profile, Secret(user_file("planted-token")));
    ASSERT_FALSE(session);
    EXPECT_THAT(session.error().what + session.error().hint, Not(HasSubstr("planted-token")));
}

TEST_F(GoogleProvider, asks_google_about_a_token_that_is_handed_over) {
    http.answer(token_info, 200, R"({"email":"robin@example.com","expires_in":"1200","sub":"7"})");
    const auto session = provider.adopt(profile, Secret("ya29.a")).value();
    EXPECT_EQ(session.lifespan->lifetime, 20min);
    EXPECT_EQ(session.account.email, "robin@example.com");
    EXPECT_FALSE(session.renewable());
}

TEST_F(GoogleProvider, refuses_a_file_without_a_secret_of_its_own) {
    const auto session = provider.adopt(
        profile,
        Secret(R"({"type":"external_account","audience":"//iam.googleapis.com/projects/1",)"
               R"("subject_token_type":"urn:ietf:params:oauth:token-type:jwt",)"
               R"("token_url":"https://sts.googleapis.com/v1/token",)"
               R"("credential_source":{"file":"/subject"}})"));
    ASSERT_FALSE(session);
    EXPECT_THAT(session.error().what, HasSubstr("no secret to keep"));
}

TEST_F(GoogleProvider, becomes_a_service_account_with_another_profiles_token) {
    constexpr const char* url =
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
        "a@p.iam.gserviceaccount.com:generateAccessToken";
    http.answer(url, 200,
                R"({"accessToken":"ya29.b","expireTime":")" + to_rfc3339(clock.now().wall + 30min) +
                    R"("})");
    profile.google->base_profile = "me";
    profile.google->impersonate = "a@p.iam.gserviceaccount.com";
    ASSERT_EQ(provider.rests_on(profile)->text(), "me");
    auto me = profile_of("google");
    const Base base{.profile = std::make_shared<const Profile>(me),
                    .credential = std::make_shared<const Credential>(
                        Credential::Parts{.token = Secret("ya29.person")})};
    const auto renewal = provider.renew_with(base, profile, {}, {});
    ASSERT_TRUE(std::holds_alternative<Renewed>(renewal.outcome));
    const auto& session = std::get<Renewed>(renewal.outcome).session;
    EXPECT_EQ(session.access_token.reveal(), "ya29.b");
    EXPECT_EQ(header(http.seen(url).front(), "Authorization"), "Bearer ya29.person");
}

TEST_F(GoogleProvider, keeps_nothing_for_a_profile_that_rests_on_another) {
    profile.google->base_profile = "me";
    profile.google->impersonate = "a@p.iam.gserviceaccount.com";
    const auto session = provider.adopt(profile, Secret(user_file("r1")));
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().remedy, Remedy::usage);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(GoogleProvider, gives_up_no_sign_in_for_coming_to_rest_on_another_profile) {
    http.answer(token_uri, 200, granted("ya29.a"));
    const auto session = provider.adopt(profile, Secret(user_file("r1"))).value();
    profile.google->base_profile = "me";
    profile.google->impersonate = "a@p.iam.gserviceaccount.com";
    const Base base{.profile = std::make_shared<const Profile>(profile_of("google")),
                    .credential = std::make_shared<const Credential>(
                        Credential::Parts{.token = Secret("ya29.person")})};
    const auto renewal = provider.renew_with(base, profile, session, {});
    ASSERT_TRUE(std::holds_alternative<NotRenewed>(renewal.outcome));
    EXPECT_THAT(std::get<NotRenewed>(renewal.outcome).error.what, HasSubstr("base_profile"));
}

TEST_F(GoogleProvider, needs_a_person_where_it_has_a_client_to_sign_in_with) {
    EXPECT_TRUE(provider.unattended(profile));
    profile.client_id = "c";
    EXPECT_FALSE(provider.unattended(profile));
    EXPECT_EQ(provider.basis(profile), "");
    const auto renewal = provider.renew(profile, {}, {});
    EXPECT_TRUE(std::holds_alternative<GrantInvalid>(renewal.outcome));
}

}  // namespace
}  // namespace hearth::providers
