// Port: one outgoing HTTP exchange. Nothing is followed, resent or kept: what was sent once was
// sent once.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "hearth/credential.hpp"
#include "hearth/secret.hpp"

namespace hearth {

// What a client shows in the TLS handshake (mutual TLS): PEM files, the key not encrypted.
struct ClientCertificate {
    std::string certificate_file;  // The leaf first.
    std::string key_file;
};

struct HttpRequest {
    std::string method = "GET";
    std::string url;
    std::vector<Header> headers;
    Secret body;  // Sent with a Content-Length when the method takes one.
    Span timeout = std::chrono::seconds(30);  // For the whole exchange, name look-up included.
    std::optional<ClientCertificate> client_certificate;
};

struct HttpResponse {
    int status = 0;
    std::vector<Header> headers;
    Secret body;  // At most 1 MiB; a longer one is a failure.

    // The first header of that name, compared without case; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

struct HttpFailure {
    // Whether the server may have seen the request: decides if a rotating token may have been
    // spent.
    enum class Stage : std::uint8_t { not_sent, no_answer };
    Stage stage = Stage::not_sent;
    Error error;  // Remedy::unreachable, or Remedy::failed for a bad certificate or URL; names host
                  // and reason.
};

// Safe from any thread; blocks the caller until the answer, the timeout or a stop request. Each
// exchange is on a fresh connection, follows no redirect, and verifies TLS against the system's
// trust store.
class Http {
  public:
    virtual ~Http() = default;
    virtual std::expected<HttpResponse, HttpFailure> send(HttpRequest request,
                                                          std::stop_token stop) = 0;
};

}  // namespace hearth
