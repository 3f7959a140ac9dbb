#include "agent/server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "agent/line.hpp"
#include "core/arena.hpp"

namespace hearth::agent {

using namespace std::chrono_literals;

Server::Server(SocketLoop& loop, Service& service, Limits limits)
    : loop_(loop), service_(service), limits_(limits), scratch_(16UL * 1024) {}

Server::~Server() {
    on_closed_ = nullptr;
    for (const auto timer : {sweep_timer_, pause_timer_}) {
        if (timer != 0) loop_.cancel(timer);
    }
    // Closing one takes it out of the map.
    while (!connections_.empty()) connections_.begin()->second->close();
}

void Server::listen(Descriptor socket) {
    listening_ = std::move(socket);
    if (!loop_.watch(listening_.number(), SocketLoop::Interest::read, *this)) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

void Server::adopt(Descriptor socket) {
    const auto connection =
        std::make_shared<Connection>(*this, loop_, std::move(socket), ::getppid());
    connections_.emplace(connection.get(), connection);
    connection->begin({});
}

void Server::ready(Ready /*what*/) {
    // The others on the loop get their turn between such batches.
    for (int i = 0; i < 16 && listening_.open(); ++i) {
        if (!accept()) break;
    }
}

// False when nobody is waiting.
bool Server::accept() {
    Descriptor socket(
        ::accept4(listening_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.open()) {
        greet(std::move(socket));
        return true;
    }
    if (errno == ECONNABORTED || errno == EINTR) return true;
    if (errno != EAGAIN) {
        out_of_descriptors();
    } else if (std::exchange(starved_, false)) {
        service_.log.info("all clients were let in again");
    }
    return false;
}

// The socket stays readable while descriptors are lacking: waiting on it would spin.
void Server::out_of_descriptors() {
    if (!std::exchange(starved_, true)) {
        service_.log.warn("no client can be let in at the moment: too many open files");
    }
    if (pause_timer_ != 0) return;
    loop_.change(listening_.number(), SocketLoop::Interest::none, *this);
    pause_timer_ = loop_.at(now() + 100ms, [this] {
        pause_timer_ = 0;
        if (!listening_.open()) return;
        loop_.change(listening_.number(), SocketLoop::Interest::read, *this);
    });
}

void Server::greet(Descriptor socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        peer.uid != ::geteuid()) {
        return;
    }
    if (connections_.size() >= limits_.connections) return refuse(socket);
    // The client has usually written already, and a warm answer needs nothing else.
    const auto arrived = ::recv(socket.number(), scratch_.data(), scratch_.size(), MSG_DONTWAIT);
    const auto length = static_cast<std::size_t>(std::max<ssize_t>(arrived, 0));
    const auto connection = std::make_shared<Connection>(*this, loop_, std::move(socket), peer.pid);
    connections_.emplace(connection.get(), connection);
    connection->begin({scratch_.data(), length});
    Arena::wipe(scratch_.data(), length);
    if (connections_.size() > limits_.connections / 2) watch_over();
}

// It fits into the socket's buffer; a client that is gone misses nothing.
void Server::refuse(const Descriptor& socket) {
    if (!std::exchange(full_, true)) {
        service_.log.warn("clients are turned away: " + std::to_string(limits_.connections) +
                          " are connected");
    }
    const auto line = error_line(
        Error{Remedy::failed,
              "the agent serves " + std::to_string(limits_.connections) + " clients, and no more",
              "try again when some of them have left"});
    const auto text = line.reveal();
    (void)::send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Server::closed(Connection& connection) {
    auto node = connections_.extract(&connection);
    if (node.empty()) return;
    full_ = false;
    // Whoever closed it may be in the middle of one of its functions.
    loop_.post([held = std::move(node.mapped())] {});
    if (on_closed_) on_closed_();
}

const Secret* Server::ready_answer(std::string_view line, Connection& connection) {
    const auto request = TokenRequest::parse(line);
    if (!request || (!request->client.empty() && request->client != service_.version))
        return nullptr;
    const Span present = now();
    if (present - settings_checked_ >= 1s) {
        settings_checked_ = present;
        refresh_settings(service_);
        if (service_.look_around) service_.look_around();
    }
    const auto ready = service_.token_lines.ready(service_.engine, service_.metrics, *request);
    if (!ready) return nullptr;
    ++ready->handed_out;
    service_.audit.handed_out(connection.pid(), ready->profile, "token",
                              [&connection] { return connection.executable(); });
    return &ready->line;
}

void Server::serve(const CallPtr& call) {
    agent::serve(service_, call);
    watch_over();
}

// The timer runs only while there is something to look after, so that an idle agent sleeps.
void Server::watch_over() {
    if (sweep_timer_ != 0) return;
    sweep_timer_ = loop_.at(now() + limits_.sweep, [this] {
        sweep_timer_ = 0;
        sweep();
    });
}

void Server::sweep() {
    const Span present = now();
    const bool crowded = connections_.size() > limits_.connections / 2;
    bool busy = crowded;
    std::vector<std::shared_ptr<Connection>> leaving;
    for (const auto& [key, connection] : connections_) {
        busy = busy || !connection->idle();
        const bool idle =
            crowded && connection->idle() && connection->quiet_since() <= present - limits_.idle;
        if (idle || connection->stuck(present - limits_.stuck)) leaving.push_back(connection);
    }
    for (const auto& connection : leaving) connection->close();
    if (busy) watch_over();
}

void Server::drain() {
    while (listening_.open() && accept()) {
    }
    listening_ = {};
    draining_ = true;
    std::vector<std::shared_ptr<Connection>> leaving;
    for (const auto& [key, connection] : connections_) {
        if (!connection->in_flight()) leaving.push_back(connection);
    }
    for (const auto& connection : leaving) connection->close();
}

bool Server::in_flight() const noexcept {
    return std::ranges::any_of(connections_,
                               [](const auto& one) { return one.second->in_flight(); });
}

}  // namespace hearth::agent
