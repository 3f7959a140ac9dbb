#include "unit/system/tls_server.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>

#include <array>
#include <atomic>
#include <mutex>
#include <stdexcept>

namespace hearth::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Connection = std::unique_ptr<SSL, decltype(&SSL_free)>;

Certificate sign_itself(EVP_PKEY* key, const std::string& subject, const char* common_name) {
    Certificate certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    auto* const name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    auto* const names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject.c_str());
    X509_add_ext(certificate.get(), names, -1);
    X509_EXTENSION_free(names);
    if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
    return certificate;
}

std::string pem_of(X509* certificate) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(memory.get(), certificate);
    char* start = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &start);
    return {start, static_cast<std::size_t>(size)};
}

std::string pem_of(EVP_PKEY* key, const std::string& passphrase) {
    const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PKCS8PrivateKey(
        memory.get(), key, passphrase.empty() ? nullptr : EVP_aes_128_cbc(), passphrase.data(),
        static_cast<int>(passphrase.size()), nullptr, nullptr);
    char* start = nullptr;
    const auto size = BIO_get_mem_data(memory.get(), &start);
    return {start, static_cast<std::size_t>(size)};
}

std::string client_of(SSL* connection) {
    const Certificate certificate(SSL_get1_peer_certificate(connection), X509_free);
    if (!certificate) return {};
    std::array<char, 64> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
    return name.data();
}

}  // namespace

OwnCertificate own_certificate(const std::string& common_name, const std::string& passphrase) {
    const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const auto certificate = sign_itself(key.get(), "DNS:" + common_name, common_name.c_str());
    return {.certificate = pem_of(certificate.get()), .key = pem_of(key.get(), passphrase)};
}

struct TlsServer::Context {
    testing::Context tls{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
    std::string certificate;
    std::atomic<int> requests = 0;
    std::mutex mutex;
    std::string client;  // By `mutex`.

    void serve(int socket) {
        const Connection connection(SSL_new(tls.get()), SSL_free);
        SSL_set_fd(connection.get(), socket);
        if (SSL_accept(connection.get()) != 1) return;
        std::array<char, 4096> request{};
        if (SSL_read(connection.get(), request.data(), request.size()) <= 0) return;
        {
            const std::scoped_lock lock(mutex);
            client = client_of(connection.get());
        }
        ++requests;
        const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        SSL_write(connection.get(), answer.data(), static_cast<int>(answer.size()));
        SSL_shutdown(connection.get());
    }
};

TlsServer::TlsServer(const std::string& subject) : context_(std::make_unique<Context>()) {
    // OpenSSL writes to connections that the client has closed.
    ::signal(SIGPIPE, SIG_IGN);
    const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const auto certificate = sign_itself(key.get(), subject, "test");
    SSL_CTX_use_certificate(context_->tls.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context_->tls.get(), key.get());
    context_->certificate = pem_of(certificate.get());
    server_ = std::make_unique<ScriptedServer>([this](int socket) { context_->serve(socket); });
}

TlsServer::~TlsServer() = default;

void TlsServer::demand_certificate() {
    // Whoever signed it: that the client shows one is what matters here.
    SSL_CTX_set_verify(context_->tls.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       [](int /*good*/, X509_STORE_CTX* /*chain*/) { return 1; });
}

std::string TlsServer::client() const {
    const std::scoped_lock lock(context_->mutex);
    return context_->client;
}

std::string TlsServer::url(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(server_->port()) + "/";
}

const std::string& TlsServer::certificate() const noexcept { return context_->certificate; }

int TlsServer::requests() const noexcept { return context_->requests; }

}  // namespace hearth::testing
