// Credential files of type external_account.
#include <gmock/gmock.h>

#include "providers/google/credentials.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr const char* pool =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x";
constexpr const char* aws_source =
    R"({"environment_id":"aws1",
        "region_url":"http://169.254.169.254/latest/meta-data/placement/availability-zone",
        "url":"http://169.254.169.254/latest/meta-data/iam/security-credentials",
        "imdsv2_session_token_url":"http://169.254.169.254/latest/api/token",
        "regional_cred_verification_url":
          "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"})";

Result<Credentials> read(std::string_view text) {
    return read_credentials(text, {.universe_domain = {}, .place = "/adc.json"});
}
std::string file_with(const std::string& source, const std::string& more = {}) {
    return R"({"type":"external_account","audience":")" + std::string(pool) +
           R"(","subject_token_type":"urn:ietf:params:oauth:token-type:jwt",)"
           R"("token_url":"https://sts.googleapis.com/v1/token","credential_source":)" +
           source + (more.empty() ? "" : ",") + more + "}";
}
ExternalAccount account_with(const std::string& source, const std::string& more = {}) {
    auto got = read(file_with(source, more));
    EXPECT_TRUE(got) << (got ? "" : got.error().what);
    if (!got) return {};
    return std::move(std::get<ExternalAccount>(got->kind));
}
template <class Source>
Source source_of(const std::string& text) {
    auto account = account_with(text);
    EXPECT_TRUE(std::holds_alternative<Source>(account.source)) << text;
    return std::move(std::get<Source>(account.source));
}
Error error_of(const std::string& source, const std::string& more = {}) {
    const auto got = read(file_with(source, more));
    EXPECT_FALSE(got) << source;
    return got ? Error{} : got.error();
}

TEST(ExternalAccountFile, with_a_file_is_read) {
    const auto plain = source_of<FileSource>(R"({"file":"/run/token"})");
    EXPECT_EQ(plain.file, "/run/token");
    EXPECT_EQ(plain.format.field, "");
    const auto json = source_of<FileSource>(
        R"({"file":"/t","format":{"type":"json","subject_token_field_name":"access_token"}})");
    EXPECT_EQ(json.format.field, "access_token");
}

TEST(ExternalAccountFile, with_a_url_is_read) {
    const auto source = source_of<UrlSource>(
        R"({"url":"http://169.254.169.254/metadata","headers":{"Metadata":"True","X":"secret"}})");
    EXPECT_EQ(source.url, "http://169.254.169.254/metadata");
    ASSERT_EQ(source.headers.size(), 2U);
    EXPECT_EQ(source.headers[0].first, "Metadata");
    EXPECT_EQ(source.headers[1].second.reveal(), "secret");
}

TEST(ExternalAccountFile, with_an_executable_is_read) {
    const auto usual = source_of<ExecutableSource>(R"({"executable":{"command":"/bin/t --all"}})");
    EXPECT_EQ(usual.command, "/bin/t --all");
    EXPECT_EQ(usual.timeout, 30s);
    const auto other = source_of<ExecutableSource>(
        R"({"executable":{"command":"/bin/t","timeout_millis":5000,"output_file":"/t/o"}})");
    EXPECT_EQ(other.timeout, 5s);
    EXPECT_EQ(other.output_file, "/t/o");
}

TEST(ExternalAccountFile, with_aws_is_read) {
    const auto source = source_of<AwsSource>(aws_source);
    EXPECT_THAT(source.url, HasSubstr("security-credentials"));
    EXPECT_THAT(source.region_url, HasSubstr("availability-zone"));
    EXPECT_THAT(source.imdsv2_session_token_url, HasSubstr("api/token"));
    EXPECT_THAT(source.regional_cred_verification_url, HasSubstr("{region}"));
}

TEST(ExternalAccountFile, with_a_certificate_is_read_and_speaks_mutual_tls) {
    const auto usual = source_of<CertificateSource>(
        R"({"certificate":{"use_default_certificate_config":true,"trust_chain_path":"/c.pem"}})");
    EXPECT_EQ(usual.config_location, "");
    EXPECT_EQ(usual.trust_chain_path, "/c.pem");
    const auto other = source_of<CertificateSource>(
        R"({"certificate":{"certificate_config_location":"/etc/c.json"}})");
    EXPECT_EQ(other.config_location, "/etc/c.json");

    auto file = file_with(R"({"certificate":{"use_default_certificate_config":true}})");
    file.insert(file.find("token_url"), "not_");
    EXPECT_EQ(std::get<ExternalAccount>(read(file)->kind).token_url,
              "https://sts.mtls.googleapis.com/v1/token");
}

TEST(ExternalAccountFile, has_exactly_one_source) {
    for (const auto* const none : {"{}", R"({"format":{}})"})
        EXPECT_THAT(error_of(none).what, HasSubstr("credential_source names no source"));
    for (const auto* const several :
         {R"({"file":"/a","url":"https://a/"})", R"({"file":"/a","executable":{"command":"b"}})",
          R"({"environment_id":"aws1","file":"/a"})", R"({"certificate":{},"file":"/a"})"})
        EXPECT_THAT(error_of(several).what, HasSubstr("credential_source names several sources"));
}

TEST(ExternalAccountFile, with_a_format_that_is_none_names_the_member) {
    EXPECT_THAT(error_of(R"({"file":"/t","format":{"type":"xml"}})").what,
                HasSubstr("/adc.json: credential_source.format.type is neither text nor json"));
    EXPECT_THAT(error_of(R"({"file":"/t","format":{"type":"json"}})").what,
                HasSubstr("credential_source.format.subject_token_field_name is missing"));
}

TEST(ExternalAccountFile, with_a_relative_path_is_refused) {
    EXPECT_THAT(error_of(R"({"file":"token"})").what,
                HasSubstr("credential_source.file is a relative path"));
    EXPECT_THAT(error_of(R"({"file":""})").what, HasSubstr("credential_source.file is empty"));
}

TEST(ExternalAccountFile, with_a_number_out_of_range_names_the_range) {
    for (const auto* const millis : {"4999", "120001", "-1", "\"soon\"", "null", "1e300"})
        EXPECT_THAT(error_of(R"({"executable":{"command":"t","timeout_millis":)" +
                             std::string(millis) + "}}")
                        .what,
                    HasSubstr("executable.timeout_millis is no number from 5000 to 120000"))
            << millis;
    const std::string robot =
        R"("service_account_impersonation_url":"https://iamcredentials.googleapis.com/v1/)"
        R"(projects/-/serviceAccounts/r@p.iam.gserviceaccount.com:generateAccessToken",)";
    for (const auto* const seconds : {"599", "43201"})
        EXPECT_THAT(
            error_of(R"({"file":"/t"})",
                     robot + R"("service_account_impersonation":{"token_lifetime_seconds":)" +
                         seconds + "}")
                .what,
            HasSubstr("token_lifetime_seconds is no number from 600 to 43200"));
}

TEST(ExternalAccountFile, becomes_a_service_account_where_it_says_so) {
    const auto account = account_with(
        R"({"file":"/t"})",
        R"("service_account_impersonation_url":"https://iamcredentials.googleapis.com/v1/projects/-/)"
        R"(serviceAccounts/r@p.iam.gserviceaccount.com:generateAccessToken",)"
        R"("service_account_impersonation":{"token_lifetime_seconds":600})");
    EXPECT_EQ(account.impersonation.value_or(Impersonation{}).lifetime, 600s);
    EXPECT_FALSE(account_with(R"({"file":"/t"})", R"("service_account_impersonation_url":null)")
                     .impersonation);
}

TEST(ExternalAccountFile, sends_nothing_elsewhere) {
    auto file = file_with(R"({"file":"/t"})");
    file.replace(file.find("sts.googleapis.com"), 18, "sts.evil.example.x");
    EXPECT_EQ(read(file).error().remedy, Remedy::refused);
    EXPECT_EQ(
        error_of(R"({"file":"/t"})", R"("service_account_impersonation_url":"https://evil.example/)"
                                     R"(serviceAccounts/r@p.iam:generateAccessToken")")
            .remedy,
        Remedy::refused);
    EXPECT_EQ(error_of(R"({"url":"http://evil.example/"})").remedy, Remedy::refused);
}

TEST(ExternalAccountFile, asks_the_metadata_of_an_instance_alone_for_keys_of_aws) {
    for (const auto* const member : {"region_url", "url", "imdsv2_session_token_url"}) {
        std::string source = aws_source;
        const auto at = source.find("http://", source.find("\"" + std::string(member) + "\""));
        source.replace(at, 22, "https://evil.example/x");
        const auto error = error_of(source);
        EXPECT_EQ(error.remedy, Remedy::refused);
        EXPECT_THAT(error.what, HasSubstr(std::string(member) + " is no address of an instance"));
    }
    std::string source = aws_source;
    source.replace(source.find("amazonaws.com?"), 13, "evil.example.");
    EXPECT_THAT(error_of(source).what, HasSubstr("is no https address of AWS"));
    source = aws_source;
    source.replace(source.find("aws1"), 4, "aws2");
    EXPECT_THAT(error_of(source).what, HasSubstr("environment_id is not aws1"));
}

TEST(ExternalAccountFile, puts_no_line_ends_into_headers) {
    for (const auto* const header :
         {R"("X":"a\r\nY: b")", R"("X\n":"a")", R"("X Y":"a")", R"("":"a")"})
        EXPECT_THAT(
            error_of(R"({"url":"https://a.example/","headers":{)" + std::string(header) + "}}")
                .what,
            HasSubstr("credential_source.headers"));
}

TEST(ExternalAccountFile, names_a_project_of_a_person_for_workforce_pools_alone) {
    EXPECT_THAT(error_of(R"({"file":"/t"})", R"("workforce_pool_user_project":"1")").what,
                HasSubstr("is for workforce pools"));
}

TEST(ExternalAccountFile, has_one_way_to_its_certificate) {
    for (const auto* const certificate :
         {"{}", R"({"use_default_certificate_config":true,"certificate_config_location":"/c"})",
          R"({"use_default_certificate_config":false})"})
        EXPECT_THAT(error_of(R"({"certificate":)" + std::string(certificate) + "}").what,
                    HasSubstr("credential_source.certificate needs either"));
}

}  // namespace
}  // namespace hearth::providers::google
