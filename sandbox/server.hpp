// The sandbox's sockets: loopback only, one thread, HTTP/1.1.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sandbox/cloud.hpp"

namespace hearth::sandbox {

class Server {
  public:
    // Listens on 127.0.0.1, and on ::1 at the same port where the machine has it; port 0 is chosen
    // by the system. The failure's text says why it cannot.
    static std::expected<std::unique_ptr<Server>, std::string> listen(std::uint16_t port);
    virtual ~Server() = default;

    [[nodiscard]] virtual std::uint16_t port() const noexcept = 0;
    // Serves until SIGTERM or SIGINT.
    virtual void serve(Cloud& cloud) = 0;
    // Before `serve`: also ends when the process that started this one ends. False where that
    // cannot be watched.
    virtual bool die_with_parent() = 0;
};

}  // namespace hearth::sandbox
