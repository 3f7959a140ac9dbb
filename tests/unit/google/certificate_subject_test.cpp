#include "providers/google/certificate_subject.hpp"

#include <gmock/gmock.h>

#include "unit/google/federation_fixture.hpp"

namespace hearth::providers::google {
namespace {

using Kind = TokenFailure::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* config = "/home/robin/.config/gcloud/certificate_config.json";

// What stands for the octets of a certificate: a sequence.
std::string octets_of(const std::string& name) { return "0" + name + std::string(60, '\xFB'); }
std::string encoded(const std::string& name) { return signing::base64(octets_of(name)); }

std::string pem_of(const std::string& name) {
    auto text = encoded(name);
    for (std::size_t at = 64; at < text.size(); at += 65) text.insert(at, "\n");
    return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
}

TEST(CertificatesIn, are_all_of_a_file_in_their_order) {
    const auto found = certificates_in("subject=CN = leaf\n" + pem_of("leaf") +
                                       "-----BEGIN PRIVATE KEY-----\nAAAA\n"
                                       "-----END PRIVATE KEY-----\n" +
                                       pem_of("middle"));
    EXPECT_THAT(found.value_or(std::vector<std::string>()),
                ElementsAre(encoded("leaf"), encoded("middle")));
}

TEST(CertificatesIn, are_absent_where_there_is_none_or_one_is_broken) {
    for (const auto& text :
         {std::string(), std::string("hello"), std::string("-----BEGIN CERTIFICATE-----\nMIIB"),
          std::string("-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n"),
          std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
          pem_of("leaf") + "-----BEGIN CERTIFICATE-----\n"})
        EXPECT_FALSE(certificates_in(text)) << text;
}

// Remembers the certificates that requests were to be shown with.
class CertificateWatch : public Http {
  public:
    explicit CertificateWatch(Http& http) : http_(http) {}
    std::expected<HttpResponse, HttpFailure> send(HttpRequest request,
                                                  std::stop_token stop) override {
        shown.push_back(request.client_certificate ? request.client_certificate->certificate_file
                                                   : "none");
        return http_.send(std::move(request), std::move(stop));
    }
    std::vector<std::string> shown;

  private:
    Http& http_;
};

class CertificateSubjectToken : public FederationTest {
  protected:
    CertificateSubjectToken() {
        material.files[config] =
            R"({"cert_configs":{"workload":{"cert_path":"/c.pem","key_path":"/k.pem"}}})";
        material.files["/c.pem"] = pem_of("leaf");
    }
    std::expected<CertificateSubject, TokenFailure> subject() {
        return subject_of_certificate(source, place, outside());
    }
    CertificateSource source;
};

TEST_F(CertificateSubjectToken, is_a_list_with_the_leaf_in_it) {
    const auto got = subject();
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->token.reveal(), R"([")" + encoded("leaf") + R"("])");
    EXPECT_EQ(got->certificate.certificate_file, "/c.pem");
    EXPECT_EQ(got->certificate.key_file, "/k.pem");
}

TEST_F(CertificateSubjectToken, has_the_trust_chain_behind_the_leaf_and_the_leaf_once) {
    source.trust_chain_path = "/chain.pem";
    const auto whole = R"([")" + encoded("leaf") + R"(",")" + encoded("middle") + R"(",")" +
                       encoded("root") + R"("])";
    material.files["/chain.pem"] = pem_of("middle") + pem_of("root");
    EXPECT_EQ(subject().value().token.reveal(), whole);
    material.files["/chain.pem"] = pem_of("leaf") + pem_of("middle") + pem_of("root");
    EXPECT_EQ(subject().value().token.reveal(), whole);
}

TEST_F(CertificateSubjectToken, is_refused_where_the_chain_has_the_leaf_and_not_first) {
    source.trust_chain_path = "/chain.pem";
    material.files["/chain.pem"] = pem_of("middle") + pem_of("leaf");
    const auto got = subject();
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().kind, Kind::not_asked);
    EXPECT_THAT(got.error().error.what, HasSubstr("/chain.pem has the workload's own certificate"));
}

TEST_F(CertificateSubjectToken, is_found_where_googles_programs_look) {
    material.files["/other.json"] =
        R"({"cert_configs":{"workload":{"cert_path":"/other.pem","key_path":"/o.pem"}}})";
    material.files["/other.pem"] = pem_of("other");
    material.variables["CLOUDSDK_CONFIG"] = "/gcloud";
    EXPECT_THAT(subject().error().error.what, HasSubstr("/gcloud/certificate_config.json"));
    material.variables["GOOGLE_API_CERTIFICATE_CONFIG"] = "/other.json";
    EXPECT_EQ(subject().value().certificate.certificate_file, "/other.pem");
    source.config_location = config;
    EXPECT_EQ(subject().value().certificate.certificate_file, "/c.pem");
}

TEST_F(CertificateSubjectToken, that_lacks_something_names_file_and_member) {
    material.files[config] = R"({"cert_configs":{"workload":{"cert_path":"/c.pem"}}})";
    EXPECT_THAT(subject().error().error.what, HasSubstr("no cert_configs.workload.key_path"));
    material.files[config] = "planted";
    EXPECT_THAT(subject().error().error.what, HasSubstr(config));
    EXPECT_THAT(subject().error().error.what, Not(HasSubstr("planted")));
    material.files[config] =
        R"({"cert_configs":{"workload":{"cert_path":"/none.pem","key_path":"/k.pem"}}})";
    EXPECT_THAT(subject().error().error.what, HasSubstr("/none.pem is not there"));
    material.files["/none.pem"] = "planted";
    EXPECT_THAT(subject().error().error.what, HasSubstr("/none.pem holds no certificate"));
    material.files.erase(config);
    EXPECT_THAT(subject().error().error.what, HasSubstr("is not there"));
}

TEST_F(CertificateSubjectToken, is_exchanged_over_connections_that_show_the_certificate) {
    http.answer(sts, 200, granted("ya29.pool"));
    http.answer(robot_url, 200, impersonated("ya29.robot"));
    impersonate_robot();
    account.subject_token_type = "urn:ietf:params:oauth:token-type:mtls";
    account.source = CertificateSource{};
    CertificateWatch watched(http);
    const Outside world{
        .http = watched, .clock = clock, .material = material, .signer = signer, .printed = {}};
    const auto got = external_account_token(account, wanted, place, world, {});
    ASSERT_TRUE(got) << got.error().error.what;
    EXPECT_EQ(got->value.reveal(), "ya29.robot");
    EXPECT_THAT(watched.shown, ElementsAre("/c.pem", "/c.pem"));
    EXPECT_EQ(sent("subject_token"), R"([")" + encoded("leaf") + R"("])");
}

TEST_F(CertificateSubjectToken, is_the_only_one_that_shows_a_certificate) {
    http.answer(sts, 200, granted("ya29.pool"));
    CertificateWatch watched(http);
    const Outside world{
        .http = watched, .clock = clock, .material = material, .signer = signer, .printed = {}};
    ASSERT_TRUE(external_account_token(account, wanted, place, world, {}));
    EXPECT_THAT(watched.shown, ElementsAre("none"));
}

}  // namespace
}  // namespace hearth::providers::google
