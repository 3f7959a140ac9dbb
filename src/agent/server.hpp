// The unix socket and its clients.
#pragma once

#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "agent/connection.hpp"
#include "agent/service.hpp"
#include "agent/socket_loop.hpp"

namespace hearth::agent {

// Loop thread only.
class Server : public Host, private SocketLoop::Watcher {
  public:
    struct Limits {
        // Who comes when there are so many is told so and let go.
        std::size_t connections = 10'000;
        // Once more than half of the connections are in use, those that have asked nothing for so
        // long are closed.
        Span idle = std::chrono::seconds(60);
        // A client that has not read for so long is closed.
        Span stuck = std::chrono::seconds(30);
        Span sweep = std::chrono::seconds(5);
    };

    Server(SocketLoop& loop, Service& service, Limits limits);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server() override;

    // Accepts clients of this process's own user from now on.
    void listen(Descriptor socket);
    // Serves one client.
    void adopt(Descriptor socket);
    // Calls `on_closed` whenever a connection has closed.
    void when_closed(std::function<void()> on_closed) { on_closed_ = std::move(on_closed); }
    // Closes the listening socket after those who are already waiting at it were let in, and each
    // connection once it has its answers.
    void drain();
    [[nodiscard]] std::size_t connections() const noexcept { return connections_.size(); }
    [[nodiscard]] bool in_flight() const noexcept;

    const Secret* ready_answer(std::string_view line, Connection& connection) override;
    void serve(const CallPtr& call) override;
    std::span<char> scratch() override { return scratch_; }
    void writing() override { watch_over(); }
    void closed(Connection& connection) override;
    [[nodiscard]] bool draining() const noexcept override { return draining_; }
    [[nodiscard]] Span now() const override { return service_.clock.now().boot; }

  private:
    void ready(Ready what) override;
    bool accept();
    void greet(Descriptor socket);
    void refuse(const Descriptor& socket);
    void out_of_descriptors();
    void watch_over();
    void sweep();

    SocketLoop& loop_;
    Service& service_;
    Limits limits_;
    Descriptor listening_;
    std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
    std::vector<char> scratch_;
    std::function<void()> on_closed_;
    session::Loop::TimerId sweep_timer_ = 0;
    session::Loop::TimerId pause_timer_ = 0;
    Span settings_checked_{};
    bool starved_ = false;  // Of descriptors,
    bool full_ = false;     // or of places: once is enough to say so.
    bool draining_ = false;
};

}  // namespace hearth::agent
