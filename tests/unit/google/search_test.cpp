#include "providers/google/search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/google/known_material.hpp"
#include "unit/providers/provider_fixture.hpp"

namespace hearth::providers::google {
namespace {

using ::testing::HasSubstr;

constexpr const char* well_known =
    "/home/robin/.config/gcloud/application_default_credentials.json";

std::string user_file(const std::string& refresh_token) {
    return R"({"type":"authorized_user","client_id":"c","client_secret":"s","refresh_token":")" +
           refresh_token + R"("})";
}

class GoogleSearch : public ::testing::Test {
  protected:
    std::string type() {
        const auto found = find_credentials(profile, material);
        return found ? std::string(type_of(found->credentials)) : found.error().what;
    }
    std::string place() {
        const auto found = find_credentials(profile, material);
        return found ? found->credentials.place : found.error().what;
    }

    KnownMaterial material;
    Profile profile = profile_of("google");
};

TEST_F(GoogleSearch, ends_at_the_metadata_server) {
    const auto found = find_credentials(profile, material);
    ASSERT_TRUE(found);
    EXPECT_EQ(std::get<MetadataServer>(found->credentials.kind).host, "metadata.google.internal");
}

TEST_F(GoogleSearch, takes_the_metadata_server_that_the_variables_name) {
    material.variables["GCE_METADATA_ROOT"] = "127.0.0.1:2";
    EXPECT_EQ(std::get<MetadataServer>(find_credentials(profile, material)->credentials.kind).host,
              "127.0.0.1:2");
    material.variables["GCE_METADATA_HOST"] = "127.0.0.1:1";
    EXPECT_EQ(std::get<MetadataServer>(find_credentials(profile, material)->credentials.kind).host,
              "127.0.0.1:1");
}

TEST_F(GoogleSearch, finds_what_gcloud_has_written_before_that) {
    material.files[well_known] = user_file("r");
    EXPECT_EQ(place(), well_known);
    EXPECT_EQ(type(), "authorized_user");
}

TEST_F(GoogleSearch, looks_where_gclouds_configuration_has_been_moved_to) {
    material.files[well_known] = user_file("r");
    material.variables["CLOUDSDK_CONFIG"] = "/gcloud";
    material.files["/gcloud/application_default_credentials.json"] = user_file("other");
    EXPECT_EQ(place(), "/gcloud/application_default_credentials.json");
}

TEST_F(GoogleSearch, prefers_what_the_variable_names_and_the_profile_to_both) {
    material.files[well_known] = user_file("r");
    material.variables["GOOGLE_APPLICATION_CREDENTIALS"] = "/named.json";
    material.files["/named.json"] = user_file("r");
    EXPECT_EQ(place(), "/named.json");
    profile.google->credentials_file = "/own.json";
    material.files["/own.json"] = user_file("r");
    EXPECT_EQ(place(), "/own.json");
}

TEST_F(GoogleSearch, never_goes_on_where_a_named_file_is_missing) {
    material.files[well_known] = user_file("r");
    material.variables["GOOGLE_APPLICATION_CREDENTIALS"] = "/named.json";
    EXPECT_THAT(type(), HasSubstr("/named.json is not there, and GOOGLE_APPLICATION_CREDENTIALS"));
    profile.google->credentials_file = "/own.json";
    EXPECT_THAT(type(), HasSubstr("/own.json is not there, and credentials_file names it"));
}

TEST_F(GoogleSearch, becomes_the_account_that_the_profile_names) {
    material.files[well_known] = user_file("r");
    profile.google->impersonate = "a@p.iam.gserviceaccount.com";
    profile.google->delegates = {"d@p.iam.gserviceaccount.com"};
    const auto found = find_credentials(profile, material);
    ASSERT_TRUE(found);
    const auto& account = std::get<ImpersonatedServiceAccount>(found->credentials.kind);
    EXPECT_EQ(account.impersonation.url,
              "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
              "a@p.iam.gserviceaccount.com:generateAccessToken");
    EXPECT_EQ(account.impersonation.delegates, profile.google->delegates);
    EXPECT_EQ(type_of(*account.source), "authorized_user");
}

TEST_F(GoogleSearch, tells_another_basis_once_the_file_or_the_wish_is_another) {
    material.files[well_known] = user_file("one");
    const auto one = find_credentials(profile, material)->basis;
    EXPECT_EQ(find_credentials(profile, material)->basis, one);
    EXPECT_THAT(one, ::testing::Not(HasSubstr("one")));
    material.files[well_known] = user_file("two");
    const auto two = find_credentials(profile, material)->basis;
    EXPECT_NE(two, one);
    profile.google->id_token_audience = "https://service.example";
    EXPECT_NE(find_credentials(profile, material)->basis, two);
}

TEST_F(GoogleSearch, reads_a_file_again_once_it_has_changed_and_not_before) {
    material.files[well_known] = user_file("one");
    Findings findings(material);
    const auto basis = findings.of(profile).basis;
    EXPECT_EQ(findings.of(profile).basis, basis);
    EXPECT_EQ(material.reads, 1);
    material.files[well_known] = user_file("another");
    EXPECT_NE(findings.of(profile).basis, basis);
    EXPECT_EQ(material.reads, 2);
}

TEST_F(GoogleSearch, knows_the_command_of_a_file_that_has_one) {
    material.files[well_known] =
        R"({"type":"external_account","audience":"//iam.googleapis.com/projects/1",)"
        R"("subject_token_type":"urn:ietf:params:oauth:token-type:jwt",)"
        R"("token_url":"https://sts.googleapis.com/v1/token",)"
        R"("credential_source":{"executable":{"command":"give token","timeout_millis":5000}}})";
    Findings findings(material);
    const auto command = findings.of(profile).command;
    ASSERT_TRUE(command);
    EXPECT_EQ(command->command, "give token");
    EXPECT_EQ(command->timeout, std::chrono::seconds(5));
    profile.google->impersonate = "a@p.iam.gserviceaccount.com";
    EXPECT_TRUE(findings.of(profile).command) << "behind what it becomes";
}

TEST_F(GoogleSearch, takes_what_a_command_printed_for_that_command_alone) {
    material.files[well_known] = user_file("one");
    Findings findings(material);
    EXPECT_FALSE(findings.printed_now(profile));
    findings.note_printed(profile);
    EXPECT_TRUE(findings.printed_now(profile));
    material.files[well_known] = user_file("another");
    EXPECT_FALSE(findings.printed_now(profile));
}

TEST_F(GoogleSearch, tells_another_basis_once_other_scopes_are_wanted) {
    Findings findings(material);
    const auto before = findings.of(profile).basis;
    profile.scopes = Scopes::of({"https://www.googleapis.com/auth/bigquery"}).value();
    EXPECT_NE(findings.of(profile).basis, before);
}

}  // namespace
}  // namespace hearth::providers::google
