#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth::oauth {

// Where the browser comes back to, as the server knows it (RFC 8252 section 7.3). The address that
// is listened on is another matter: always this machine's loopback.
class LoopbackRedirect {
  public:
    // "http://127.0.0.1:{port}/callback", or without "{port}", where the port is put in, or with a
    // fixed one. A `fixed_port` that is not 0 is used for the port. Remedy::usage for anything but
    // plain http on loopback.
    static Result<LoopbackRedirect> parse(std::string_view text, std::uint16_t fixed_port);

    // The port to listen on; 0: any.
    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::string uri(std::uint16_t port) const;

  private:
    std::string before_;  // "http://127.0.0.1"
    std::string after_;   // "/callback", with a query where there is one.
    std::string path_;
    std::uint16_t port_ = 0;
};

}  // namespace hearth::oauth
