#include "providers/google/credentials.hpp"

#include <gmock/gmock.h>

namespace hearth::providers::google {
namespace {

using ::testing::HasSubstr;

constexpr const char* place = "/home/robin/adc.json";

Result<Credentials> read(std::string_view text, const std::string& universe = {}) {
    return read_credentials(text, {.universe_domain = universe, .place = place});
}
Error error_of(std::string_view text, const std::string& universe = {}) {
    const auto got = read(text, universe);
    EXPECT_FALSE(got) << text;
    return got ? Error{} : got.error();
}
// A file that lacks one of the members, or has another one.
std::string without(std::string text, std::string_view name) {
    const auto at = text.find("\"" + std::string(name) + "\"");
    EXPECT_NE(at, std::string::npos) << name;
    return text.insert(at + 1, "not_");
}
std::string with(std::string text, std::string_view member) {
    return text.insert(1, std::string(member) + ",");
}

constexpr const char* user_file = R"({"type":"authorized_user","client_id":"client-1",
  "client_secret":"secret-of-the-client","refresh_token":"1//secret","account":"robin@example.com",
  "quota_project_id":"billed","universe_domain":"googleapis.com"})";
constexpr const char* account_file = R"({"type":"service_account","project_id":"p-1",
  "private_key_id":"k1","private_key":"-----BEGIN secret\n","client_id":"1",
  "client_email":"robot@p-1.iam.gserviceaccount.com","auth_uri":"https://accounts.google.com/o/oauth2/auth",
  "token_uri":"https://oauth2.googleapis.com/token"})";
constexpr const char* external_user_file = R"({"type":"external_account_authorized_user",
  "audience":"//iam.googleapis.com/locations/global/workforcePools/w/providers/x",
  "client_id":"c","client_secret":"secret","refresh_token":"secret",
  "token_url":"https://sts.googleapis.com/v1/oauthtoken",
  "token_info_url":"https://sts.googleapis.com/v1/introspect"})";
constexpr const char* gdch_file = R"({"type":"gdch_service_account","format_version":"1",
  "project":"p","name":"robot","private_key_id":"k","private_key":"-----BEGIN secret\n",
  "ca_cert_path":"/etc/ca.pem","token_uri":"https://service-identity.cloud.example/authenticate"})";
std::string impersonated_file(const std::string& source = user_file) {
    return R"({"type":"impersonated_service_account","delegates":["a@p.iam.gserviceaccount.com"],)"
           R"("scopes":["s1","s2"],"service_account_impersonation_url":"https://iamcredentials.)"
           R"(googleapis.com/v1/projects/-/serviceAccounts/robot@p.iam.gserviceaccount.com)"
           R"(:generateAccessToken","source_credentials":)" +
           source + "}";
}

TEST(GoogleCredentials, of_a_person_are_read) {
    const auto got = read(user_file);
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(type_of(*got), "authorized_user");
    EXPECT_EQ(got->place, place);
    EXPECT_EQ(got->quota_project_id, "billed");
    EXPECT_EQ(got->universe_domain, "");
    const auto& user = std::get<AuthorizedUser>(got->kind);
    EXPECT_EQ(user.client_id, "client-1");
    EXPECT_EQ(user.client_secret.reveal(), "secret-of-the-client");
    EXPECT_EQ(user.refresh_token.reveal(), "1//secret");
    EXPECT_EQ(user.token_uri, "https://oauth2.googleapis.com/token");
    EXPECT_EQ(user.account, "robin@example.com");
    EXPECT_EQ(user.sign_in, "gcloud auth application-default login");
    EXPECT_TRUE(user.rapt_token.empty());
}

TEST(GoogleCredentials, of_a_person_need_no_account) {
    EXPECT_TRUE(read(with(without(user_file, "account"), R"("account":"")")));
}

TEST(GoogleCredentials, of_a_service_account_are_read) {
    const auto got = read(account_file);
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(type_of(*got), "service_account");
    EXPECT_EQ(got->project_id, "p-1");
    const auto& account = std::get<ServiceAccount>(got->kind);
    EXPECT_EQ(account.client_email, "robot@p-1.iam.gserviceaccount.com");
    EXPECT_EQ(account.private_key_id, "k1");
    EXPECT_EQ(account.private_key.reveal(), "-----BEGIN secret\n");
}

TEST(GoogleCredentials, with_the_former_address_of_the_token_endpoint_get_the_one_of_today) {
    const auto file = with(without(account_file, "token_uri"),
                           R"("token_uri":"https://accounts.google.com/o/oauth2/token")");
    const auto got = read(file);
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(std::get<ServiceAccount>(got->kind).token_uri, "https://oauth2.googleapis.com/token");
}

TEST(GoogleCredentials, of_a_person_of_a_workforce_pool_are_read) {
    const auto got = read(external_user_file);
    ASSERT_TRUE(got) << got.error().what;
    const auto& user = std::get<ExternalAccountAuthorizedUser>(got->kind);
    EXPECT_EQ(user.token_url, "https://sts.googleapis.com/v1/oauthtoken");
    EXPECT_EQ(user.token_info_url, "https://sts.googleapis.com/v1/introspect");
    EXPECT_EQ(user.revoke_url, "");
}

TEST(GoogleCredentials, that_become_a_service_account_are_read_with_their_source) {
    const auto got = read(impersonated_file());
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(type_of(*got), "impersonated_service_account");
    const auto& account = std::get<ImpersonatedServiceAccount>(got->kind);
    ASSERT_TRUE(account.source);
    EXPECT_EQ(type_of(*account.source), "authorized_user");
    EXPECT_EQ(account.impersonation.delegates,
              std::vector<std::string>{"a@p.iam.gserviceaccount.com"});
    EXPECT_EQ(account.impersonation.scopes, (std::vector<std::string>{"s1", "s2"}));
    EXPECT_THAT(account.impersonation.url, HasSubstr("robot@p.iam"));
}

TEST(GoogleCredentials, that_become_a_service_account_are_not_nested_without_end) {
    std::string file = user_file;
    for (int i = 0; i < 3; ++i) file = impersonated_file(file);
    const auto error = error_of(file);
    EXPECT_THAT(error.what, HasSubstr("source_credentials is nested too deeply"));
}

TEST(GoogleCredentials, in_a_source_are_named_with_all_that_they_stand_in) {
    EXPECT_THAT(error_of(without(impersonated_file(), "refresh_token")).what,
                HasSubstr("/home/robin/adc.json: source_credentials.refresh_token is missing"));
}

TEST(GoogleCredentials, that_impersonate_need_the_url_that_does_it) {
    for (const auto* const url :
         {"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/robot",
          "https://iamcredentials.googleapis.com/v1/:generateAccessToken",
          "https://iamcredentials.googleapis.com/serviceAccounts/:generateAccessToken"}) {
        const auto file =
            with(without(impersonated_file(), "service_account_impersonation_url"),
                 R"("service_account_impersonation_url":")" + std::string(url) + "\"");
        EXPECT_THAT(error_of(file).what, HasSubstr("is no URL of the shape")) << url;
    }
}

TEST(GoogleCredentials, of_google_distributed_cloud_are_read) {
    const auto got = read(gdch_file, "cloud.example");
    ASSERT_TRUE(got) << got.error().what;
    const auto& account = std::get<GdchServiceAccount>(got->kind);
    EXPECT_EQ(account.name, "robot");
    EXPECT_EQ(account.ca_cert_path, "/etc/ca.pem");
    EXPECT_EQ(account.token_uri, "https://service-identity.cloud.example/authenticate");
}

TEST(GoogleCredentials, of_google_distributed_cloud_are_for_a_cloud_that_the_profile_names) {
    const auto error = error_of(gdch_file);
    EXPECT_EQ(error.remedy, Remedy::refused);
    EXPECT_THAT(error.hint, HasSubstr("set universe_domain"));
}

TEST(GoogleCredentials, without_what_they_need_name_the_file_and_the_member) {
    const std::vector<std::pair<std::string, std::vector<std::string>>> files{
        {user_file, {"client_id", "client_secret", "refresh_token"}},
        {account_file, {"client_email", "private_key"}},
        {external_user_file, {"client_id", "client_secret", "refresh_token"}},
        {impersonated_file(), {"service_account_impersonation_url", "source_credentials"}}};
    for (const auto& [file, members] : files) {
        for (const auto& member : members) {
            const auto error = error_of(without(file, member));
            EXPECT_EQ(error.remedy, Remedy::usage);
            EXPECT_THAT(error.what, HasSubstr("/home/robin/adc.json: "));
            EXPECT_THAT(error.what, HasSubstr(member + " is missing"));
            EXPECT_FALSE(error.hint.empty());
        }
    }
}

TEST(GoogleCredentials, with_a_member_of_another_kind_say_so) {
    const auto file = with(without(user_file, "refresh_token"), R"("refresh_token":17)");
    EXPECT_THAT(error_of(file).what, HasSubstr("refresh_token is empty or no text"));
}

TEST(GoogleCredentials, of_a_type_that_is_not_known_name_those_that_are) {
    const auto error = error_of(R"({"type":"future_account"})");
    EXPECT_EQ(error.what, "/home/robin/adc.json: type is 'future_account', which is not known");
    for (const auto* const type : {"authorized_user", "service_account", "external_account",
                                   "external_account_authorized_user",
                                   "impersonated_service_account", "gdch_service_account"})
        EXPECT_THAT(error.hint, HasSubstr(type));
}

TEST(GoogleCredentials, without_a_type_quote_nothing) {
    EXPECT_THAT(error_of(R"({"type":"Some Secret!"})").what,
                HasSubstr("type is missing or no name of a type"));
    EXPECT_THAT(error_of("{}").what, HasSubstr("type is missing"));
}

TEST(GoogleCredentials, are_told_from_an_oauth_client) {
    for (const auto* const key : {"installed", "web"}) {
        const auto error = error_of(R"({")" + std::string(key) + R"(":{"client_id":"x"}})");
        EXPECT_THAT(error.what, HasSubstr("is an OAuth client and no credential file"));
        EXPECT_THAT(error.hint, HasSubstr("client_file"));
    }
}

TEST(GoogleCredentials, are_told_from_what_people_take_for_them) {
    const std::vector<std::pair<std::string, std::string>> mistakes{
        {"AIzaSyA-secret", "is an API key"},
        {"ya29.secret", "is an access token"},
        {"1//0secret", "is a refresh token"},
        {"eyJhbGciOi.secret", "is a JSON Web Token"},
        {"-----BEGIN PRIVATE KEY-----", "is a key or a certificate"},
        {"\x30\x82\x09", "is a P12 key"},
        {"  \n", "is empty"},
        {"[1,2]", "is not a JSON object"},
        {"{\"type\":", "is not a JSON object"}};
    for (const auto& [text, what] : mistakes) {
        const auto error = error_of(text);
        EXPECT_EQ(error.remedy, Remedy::usage);
        EXPECT_THAT(error.what, HasSubstr(place + std::string(" ") + what));
        EXPECT_THAT(error.what, Not(HasSubstr("secret")));
    }
}

TEST(GoogleCredentials, with_a_key_whose_line_ends_are_written_out_say_how_to_mend_it) {
    const auto file =
        with(without(account_file, "private_key"), R"("private_key":"-----BEGIN\\nsecret")");
    EXPECT_THAT(error_of(file).what, HasSubstr("private_key has \\n written out"));
}

TEST(GoogleCredentials, that_would_send_a_secret_elsewhere_are_refused) {
    const auto file = with(without(account_file, "token_uri"),
                           R"("token_uri":"https://oauth2.googleapis.com.evil.example/token")");
    const auto error = error_of(file);
    EXPECT_EQ(error.remedy, Remedy::refused);
    EXPECT_EQ(error.what,
              "/home/robin/adc.json: token_uri is on oauth2.googleapis.com.evil.example, which is "
              "no host of googleapis.com");
    for (const auto* const member : {"token_url", "token_info_url", "revoke_url"}) {
        const auto other =
            with(member == std::string("revoke_url") ? std::string(external_user_file)
                                                     : without(external_user_file, member),
                 "\"" + std::string(member) + R"(":"https://evil.example/")");
        EXPECT_EQ(error_of(other).remedy, Remedy::refused) << member;
    }
}

TEST(GoogleCredentials, of_another_cloud_are_refused_until_the_profile_names_it) {
    auto file = std::string(account_file);
    file =
        with(without(file, "token_uri"),
             R"("universe_domain":"cloud.example","token_uri":"https://oauth2.cloud.example/t")");
    EXPECT_EQ(error_of(file).remedy, Remedy::refused);
    EXPECT_THAT(error_of(file).hint, HasSubstr("set universe_domain"));
    const auto got = read(file, "cloud.example");
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(got->universe_domain, "cloud.example");
    EXPECT_EQ(error_of(account_file, "cloud.example").remedy, Remedy::refused);
}

TEST(ServiceUrl, may_be_googles_or_on_this_machine) {
    const FileRules rules{.universe_domain = {}, .place = place};
    for (const auto* const url :
         {"https://oauth2.googleapis.com/token", "https://sts.mtls.googleapis.com/v1/token",
          "https://GOOGLEAPIS.com/", "http://127.0.0.1:80/x", "https://localhost/x",
          "http://[::1]:9/"})
        EXPECT_TRUE(check_service_url("token_uri", url, rules)) << url;
}

TEST(ServiceUrl, is_refused_anywhere_else) {
    const FileRules rules{.universe_domain = {}, .place = place};
    for (const auto* const url :
         {"http://oauth2.googleapis.com/token", "https://evilgoogleapis.com/",
          "https://googleapis.com.evil.example/", "https://evil.example/googleapis.com",
          "https://evil.example/?x=.googleapis.com", "http://10.0.0.1/", "https://cloud.example/",
          "http://127.0.0.1.evil.example/", "https://googleapis.com./"}) {
        const auto checked = check_service_url("token_uri", url, rules);
        ASSERT_FALSE(checked) << url;
        EXPECT_EQ(checked.error().remedy, Remedy::refused) << url;
    }
    for (const auto* const url :
         {"", "oauth2.googleapis.com", "file:///etc/passwd", "https://user@oauth2.googleapis.com/",
          "https://a.googleapis.com\\@b/"})
        EXPECT_FALSE(check_service_url("token_uri", url, rules)) << url;
}

TEST(ServiceUrl, may_be_of_the_cloud_that_the_profile_names) {
    const FileRules rules{.universe_domain = "cloud.example", .place = place};
    EXPECT_TRUE(check_service_url("token_uri", "https://sts.cloud.example/", rules));
    EXPECT_FALSE(check_service_url("token_uri", "https://stscloud.example/", rules));
    EXPECT_FALSE(check_service_url("token_uri", "http://sts.cloud.example/", rules));
}

}  // namespace
}  // namespace hearth::providers::google
