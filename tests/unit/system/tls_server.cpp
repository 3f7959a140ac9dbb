#include "unit/system/tls_server.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>

#include <array>
#include <atomic>
#include <stdexcept>

namespace hearth::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Connection = std::unique_ptr<SSL, decltype(&SSL_free)>;

Certificate sign_itself(EVP_PKEY* key, const std::string& subject) {
    Certificate certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key);
    auto* const name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
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

}  // namespace

struct TlsServer::Context {
    testing::Context tls{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
    std::string certificate;
    std::atomic<int> requests = 0;

    void serve(int socket) {
        const Connection connection(SSL_new(tls.get()), SSL_free);
        SSL_set_fd(connection.get(), socket);
        if (SSL_accept(connection.get()) != 1) return;
        std::array<char, 4096> request{};
        if (SSL_read(connection.get(), request.data(), request.size()) <= 0) return;
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
    const auto certificate = sign_itself(key.get(), subject);
    SSL_CTX_use_certificate(context_->tls.get(), certificate.get());
    SSL_CTX_use_PrivateKey(context_->tls.get(), key.get());
    context_->certificate = pem_of(certificate.get());
    server_ = std::make_unique<ScriptedServer>([this](int socket) { context_->serve(socket); });
}

TlsServer::~TlsServer() = default;

std::string TlsServer::url(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(server_->port()) + "/";
}

const std::string& TlsServer::certificate() const noexcept { return context_->certificate; }

int TlsServer::requests() const noexcept { return context_->requests; }

}  // namespace hearth::testing
