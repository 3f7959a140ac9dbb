#include "unit/system/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace hearth::testing {
namespace {

struct Socket {
    int number;
    std::uint16_t port;
};

Socket bind_loopback() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (socket < 0 || ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "bind");
    }
    return {socket, ntohs(address.sin_port)};
}

std::size_t content_length(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

}  // namespace

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
    const auto socket = bind_loopback();
    listener_ = socket.number;
    port_ = socket.port;
    if (::listen(listener_, 64) != 0)
        throw std::system_error(errno, std::generic_category(), "listen");
    thread_ = std::jthread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

std::string ScriptedServer::url(const std::string& target) const {
    return "http://127.0.0.1:" + std::to_string(port_) + target;
}

void ScriptedServer::serve() {
    while (true) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        script_(connection);
        ::close(connection);
    }
}

std::string ScriptedServer::read_request(int connection) {
    std::string request;
    std::array<char, 4096> piece{};
    while (true) {
        const auto head = request.find("\r\n\r\n");
        if (head != std::string::npos && request.size() >= head + 4 + content_length(request))
            return request;
        const auto got = ::read(connection, piece.data(), piece.size());
        if (got <= 0) return request;
        request.append(piece.data(), static_cast<std::size_t>(got));
    }
}

void ScriptedServer::write(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

AnsweringServer::AnsweringServer(std::string answer)
    : answer_(std::move(answer)), server_([this](int connection) {
          auto request = ScriptedServer::read_request(connection);
          {
              const std::scoped_lock lock(mutex_);
              requests_.push_back(std::move(request));
          }
          ScriptedServer::write(connection, answer_);
      }) {}

std::vector<std::string> AnsweringServer::requests() {
    const std::scoped_lock lock(mutex_);
    return requests_;
}

std::uint16_t silent_port() {
    const auto socket = bind_loopback();
    ::close(socket.number);
    return socket.port;
}

}  // namespace hearth::testing
