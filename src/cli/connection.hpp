#pragma once

#include <chrono>
#include <optional>

#include "cli/json_line.hpp"
#include "core/descriptor.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::cli {

// The error of a connection that the agent closed too early.
Error went_away();

// Lines to and from the agent over a stream socket.
class Connection {
  public:
    explicit Connection(Descriptor socket) noexcept : socket_(std::move(socket)) {}

    Result<> send(const JsonLine& line);
    // A line that has arrived whole, perhaps with its end; absent when there is none yet.
    std::optional<Secret> next();
    // Takes what has arrived, and waits for it if need be. False when the agent has closed.
    // Remedy::failed when nothing comes in that time, or a line is longer than the protocol allows.
    Result<bool> receive(std::chrono::milliseconds patience);
    // The next line, waiting for it.
    Result<Secret> line(std::chrono::milliseconds patience);

    // For poll.
    [[nodiscard]] int descriptor() const noexcept { return socket_.number(); }
    // Whether the agent has closed.
    [[nodiscard]] bool closed() const noexcept { return closed_; }
    void close() noexcept { socket_ = Descriptor(); }

  private:
    Descriptor socket_;
    SecretBuilder arrived_;
    bool closed_ = false;
};

}  // namespace hearth::cli
