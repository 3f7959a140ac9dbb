#include "unit/cli/fake_agent.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <stdexcept>

namespace hearth::cli {
namespace {

constexpr std::chrono::seconds patience{20};

std::filesystem::path fresh_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "hearth-cli-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return pattern;
}

}  // namespace

TemporaryHome::TemporaryHome() : path_(fresh_folder()) {}

TemporaryHome::~TemporaryHome() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

FakeAgent::FakeAgent(const std::filesystem::path& home, Answer answer)
    : answer_(std::move(answer)) {
    std::filesystem::create_directories(home / "run");
    const auto path = (home / "run/agent.sock").string();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the path is too long");
    std::snprintf(static_cast<char*>(address.sun_path), sizeof address.sun_path, "%s",
                  path.c_str());
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 16) != 0)
        throw std::runtime_error("cannot listen");
    server_ = std::jthread([this] { serve(); });
}

FakeAgent::~FakeAgent() {
    ::shutdown(listener_, SHUT_RDWR);
    server_.join();
    close_connections();
    conversations_.clear();
    for (const int connection : connections_) ::close(connection);
    ::close(listener_);
}

void FakeAgent::serve() {
    for (;;) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        const std::scoped_lock lock(mutex_);
        connections_.push_back(connection);
        conversations_.emplace_back([this, connection] { converse(connection); });
    }
}

void FakeAgent::converse(int connection) {
    std::string arrived;
    std::array<char, 4096> piece{};
    for (;;) {
        const auto size = ::recv(connection, piece.data(), piece.size(), 0);
        if (size <= 0) break;
        arrived.append(piece.data(), static_cast<std::size_t>(size));
        for (auto end = arrived.find('\n'); end != std::string::npos; end = arrived.find('\n')) {
            const auto line = arrived.substr(0, end);
            arrived.erase(0, end + 1);
            {
                const std::scoped_lock lock(mutex_);
                lines_.push_back(line);
                changed_.notify_all();
            }
            const auto answer = answer_(line);
            if (answer == "hang up") {
                ::shutdown(connection, SHUT_RDWR);
            } else if (!answer.empty()) {
                (void)::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
            }
        }
    }
    const std::scoped_lock lock(mutex_);
    ++closed_;
    changed_.notify_all();
}

std::vector<std::string> FakeAgent::lines() {
    const std::scoped_lock lock(mutex_);
    return lines_;
}

void FakeAgent::await_lines(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return lines_.size() >= count; }))
        throw std::runtime_error("the lines did not come");
}

void FakeAgent::await_closed(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return closed_ >= count; }))
        throw std::runtime_error("the connection was not closed");
}

void FakeAgent::close_connections() {
    const std::scoped_lock lock(mutex_);
    for (const int connection : connections_) ::shutdown(connection, SHUT_RDWR);
}

void FakeAgent::send(const std::string& text) {
    const std::scoped_lock lock(mutex_);
    (void)::send(connections_.back(), text.data(), text.size(), MSG_NOSIGNAL);
}

}  // namespace hearth::cli
