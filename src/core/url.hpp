#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hearth/error.hpp"

namespace hearth {

// An absolute http or https URL, as far as trust decisions need it. Refuses user information,
// fragments, control characters and anything that is not a host with an optional port.
class Url {
  public:
    static Result<Url> parse(std::string_view text);

    [[nodiscard]] bool secure() const noexcept { return secure_; }
    // 127.0.0.0/8, ::1 and the name localhost: what never leaves the machine.
    [[nodiscard]] bool loopback() const noexcept;
    // Where the machines and containers of a cloud ask who they are: addresses that are not routed,
    // and that are asked by plain http because there is no other way.
    [[nodiscard]] bool machine_service() const noexcept;
    [[nodiscard]] const std::string& host() const noexcept {
        return host_;
    }  // Lower case, without brackets.
    [[nodiscard]] std::uint16_t port() const noexcept {
        return port_;
    }  // The scheme's own when none is given.
    [[nodiscard]] const std::string& target() const noexcept {
        return target_;
    }  // Path and query; at least "/".
    // "https://host" or "https://host:port" without the scheme's own port.
    [[nodiscard]] std::string origin() const;

  private:
    Url() = default;
    bool secure_ = true;
    std::string host_;
    std::uint16_t port_ = 443;
    std::string target_;
};

}  // namespace hearth
