#include <gtest/gtest.h>

#include <string>

#include "system/curl_http.hpp"
#include "unit/system/temporary_folder.hpp"
#include "unit/system/tls_server.hpp"

namespace hearth::system {
namespace {

using Stage = HttpFailure::Stage;
using testing::ScriptedServer;
using testing::TlsServer;

HttpRequest planted(const std::string& url) {
    HttpRequest request;
    request.method = "POST";
    request.url = url;
    request.headers = {{"Authorization", "Bearer planted"}};
    request.body = Secret("planted");
    return request;
}

// Trusts the server's own certificate and no other.
class TrustingHttp {
  public:
    explicit TrustingHttp(const TlsServer& server) {
        testing::put(folder_ / "trusted.pem", server.certificate());
    }
    auto send(HttpRequest request) {
        return CurlHttp({.certificates = folder_ / "trusted.pem"}).send(std::move(request), {});
    }

  private:
    testing::TemporaryFolder folder_;
};

TEST(CurlTls, refuses_a_certificate_that_nobody_vouches_for) {
    const TlsServer server("IP:127.0.0.1");
    const auto response = CurlHttp().send(planted(server.url()), {});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().stage, Stage::not_sent);
    EXPECT_EQ(response.error().error.remedy, Remedy::failed);
    const auto origin = server.url().substr(0, server.url().size() - 1);
    EXPECT_EQ(response.error().error.what.find("the certificate of " + origin + " is not valid: "),
              0U);
    EXPECT_FALSE(response.error().error.hint.empty());
    EXPECT_EQ(server.requests(), 0);
}

TEST(CurlTls, accepts_a_certificate_that_is_trusted) {
    const TlsServer server("IP:127.0.0.1");
    const auto response = TrustingHttp(server).send(planted(server.url()));
    ASSERT_TRUE(response) << response.error().error.what;
    EXPECT_EQ(response->body.reveal(), "ok");
    EXPECT_EQ(server.requests(), 1);
}

TEST(CurlTls, refuses_a_trusted_certificate_of_another_host) {
    const TlsServer server("DNS:elsewhere.example");
    const auto response = TrustingHttp(server).send(planted(server.url()));
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().stage, Stage::not_sent);
    EXPECT_EQ(response.error().error.remedy, Remedy::failed);
    EXPECT_EQ(server.requests(), 0);
}

// A certificate in files, as requests name it.
class ClientFiles {
  public:
    explicit ClientFiles(const std::string& name, const std::string& passphrase = "") {
        const auto own = testing::own_certificate(name, passphrase);
        testing::put(folder_ / "client.pem", own.certificate);
        testing::put(folder_ / "client.key", own.key);
    }
    [[nodiscard]] ClientCertificate names() const {
        return {.certificate_file = folder_ / "client.pem", .key_file = folder_ / "client.key"};
    }
    [[nodiscard]] std::string missing() const { return folder_ / "missing"; }

  private:
    testing::TemporaryFolder folder_;
};

TEST(CurlTls, shows_the_clients_certificate_where_the_request_has_one) {
    TlsServer server("IP:127.0.0.1");
    server.demand_certificate();
    const ClientFiles client("workload");
    auto request = planted(server.url());
    request.client_certificate = client.names();
    const auto response = TrustingHttp(server).send(std::move(request));
    ASSERT_TRUE(response) << response.error().error.what;
    EXPECT_EQ(response->body.reveal(), "ok");
    EXPECT_EQ(server.client(), "workload");
}

TEST(CurlTls, gets_no_answer_without_the_certificate_that_a_server_demands) {
    TlsServer server("IP:127.0.0.1");
    server.demand_certificate();
    const auto response = TrustingHttp(server).send(planted(server.url()));
    ASSERT_FALSE(response);
    EXPECT_EQ(server.requests(), 0);
}

TEST(CurlTls, shows_no_certificate_to_a_server_where_the_request_has_none) {
    const TlsServer server("IP:127.0.0.1");
    ASSERT_TRUE(TrustingHttp(server).send(planted(server.url())));
    EXPECT_EQ(server.client(), "");
}

TEST(CurlTls, sends_nothing_where_the_clients_certificate_or_its_key_cannot_be_used) {
    const TlsServer server("IP:127.0.0.1");
    const ClientFiles client("workload");
    const ClientFiles other("other");
    const ClientFiles encrypted("encrypted", "a passphrase that nobody is asked for");
    for (const auto& names : {ClientCertificate{.certificate_file = client.missing(),
                                                .key_file = client.names().key_file},
                              ClientCertificate{.certificate_file = client.names().certificate_file,
                                                .key_file = client.missing()},
                              ClientCertificate{.certificate_file = client.names().certificate_file,
                                                .key_file = other.names().key_file},
                              encrypted.names()}) {
        auto request = planted(server.url());
        request.client_certificate = names;
        const auto response = TrustingHttp(server).send(std::move(request));
        ASSERT_FALSE(response);
        EXPECT_EQ(response.error().stage, Stage::not_sent);
        EXPECT_EQ(response.error().error.remedy, Remedy::failed);
        EXPECT_EQ(response.error().error.what.find("the client's certificate"), 0U)
            << response.error().error.what;
    }
    EXPECT_EQ(server.requests(), 0);
}

TEST(CurlTls, has_sent_nothing_when_the_handshake_breaks_off) {
    ScriptedServer server([](int /*connection*/) {});
    const auto response =
        CurlHttp().send(planted("https://127.0.0.1:" + std::to_string(server.port()) + "/"), {});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().stage, Stage::not_sent);
    EXPECT_EQ(response.error().error.remedy, Remedy::unreachable);
}

TEST(CurlTls, has_sent_nothing_when_the_handshake_takes_too_long) {
    ScriptedServer server([](int connection) { ScriptedServer::read_request(connection); });
    auto request = planted("https://127.0.0.1:" + std::to_string(server.port()) + "/");
    request.timeout = std::chrono::milliseconds(50);
    const auto response = CurlHttp().send(std::move(request), {});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().stage, Stage::not_sent);
}

}  // namespace
}  // namespace hearth::system
