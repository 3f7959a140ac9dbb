#pragma once

#include <memory>
#include <string>

#include "unit/system/scripted_server.hpp"

namespace hearth::testing {

// A TLS server on 127.0.0.1 with a certificate that it signed itself for the name or address given.
// It answers every request with 200 and counts those that it could read.
class TlsServer {
  public:
    // `subject` as OpenSSL writes alternative names: "IP:127.0.0.1", "DNS:localhost".
    explicit TlsServer(const std::string& subject);
    ~TlsServer();
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    // From now on a connection is refused without a certificate of a client that signed it itself.
    void demand_certificate();
    // The common name of the last client's certificate; empty where it showed none.
    [[nodiscard]] std::string client() const;

    [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const;
    [[nodiscard]] const std::string& certificate() const noexcept;  // PEM.
    [[nodiscard]] int requests() const noexcept;

  private:
    struct Context;
    std::unique_ptr<Context> context_;
    std::unique_ptr<ScriptedServer> server_;
};

// A certificate that whoever has it signed itself, and its key, both PEM; the key encrypted where
// there is a passphrase.
struct OwnCertificate {
    std::string certificate;
    std::string key;
};
OwnCertificate own_certificate(const std::string& common_name, const std::string& passphrase = "");

}  // namespace hearth::testing
