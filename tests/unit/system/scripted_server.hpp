#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hearth::testing {

// A TCP server on 127.0.0.1 that does to each connection, one after the other, what the test says.
// No HTTP library is between, so that it can be as rude as a server can be.
class ScriptedServer {
  public:
    // Called with the connection, which is closed afterwards.
    using Script = std::function<void(int connection)>;

    explicit ScriptedServer(Script script);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string url(const std::string& target = "/") const;

    // A request's head and as much body as its Content-Length says.
    static std::string read_request(int connection);
    static void write(int connection, std::string_view bytes);

  private:
    void serve();

    Script script_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::jthread thread_;
};

// Reads a request, keeps it, answers with the bytes given, and hangs up.
class AnsweringServer {
  public:
    explicit AnsweringServer(std::string answer);
    [[nodiscard]] std::string url(const std::string& target = "/") const {
        return server_.url(target);
    }
    [[nodiscard]] std::vector<std::string> requests();

  private:
    std::string answer_;
    std::mutex mutex_;
    std::vector<std::string> requests_;
    ScriptedServer server_;
};

// A port on 127.0.0.1 on which nobody listens.
std::uint16_t silent_port();

}  // namespace hearth::testing
