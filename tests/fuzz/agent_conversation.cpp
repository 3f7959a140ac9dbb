// A client's bytes over a real socket into one of the agent's connections: cut anywhere, several
// requests at once, half of one, pasted codes in between, and the client's end at any time.
//
// The first line tells how the rest is sent: how many bytes at a time, and "deaf" for a client that
// does not read.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>

#include "agent/connection.hpp"
#include "cli/message.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {
namespace {

using agent::CallPtr;
using agent::Request;

Secret numbered(std::size_t number) {
    return Secret(R"({"ok":{"number":)" + std::to_string(number) + "}}\n");
}

// An agent of a few operations: "later" is answered by and by, "login" waits for what is pasted,
// "events" never ends, "token" is ready, and all else is answered at once.
class SmallAgent : public agent::Host {
  public:
    explicit SmallAgent(agent::SocketLoop& loop) : loop_(loop) {}

    const Secret* ready_answer(std::string_view line, agent::Connection& /*to*/) override {
        if (!agent::TokenRequest::parse(line)) return nullptr;
        require_alone();
        ready_ = numbered(++served_);
        return &ready_;
    }

    void serve(const CallPtr& call) override {
        require_alone();
        running_ = call;
        const auto number = ++served_;
        const auto answer = [weak = running_, number] {
            if (const auto alive = weak.lock()) alive->answer(numbered(number));
        };
        const auto& operation = call->request().operation();
        if (operation == "later") {
            loop_.post(answer);
        } else if (operation == "login") {
            waits_ = true;
            call->on_paste([answer](const Secret& /*pasted*/) { answer(); });
        } else if (operation == "events") {
            waits_ = true;
            call->endless();
            for (int i = 0; i < 3; ++i) call->event(Secret("{\"event\":{}}\n"));
        } else {
            answer();
        }
    }

    std::span<char> scratch() override { return scratch_; }
    void writing() override {}
    void closed(agent::Connection& /*connection*/) override { closed_ = true; }
    [[nodiscard]] bool draining() const noexcept override { return false; }
    [[nodiscard]] Span now() const override { return Span(1); }

    [[nodiscard]] bool has_closed() const noexcept { return closed_; }
    // Something was asked that need not be answered before the client leaves.
    [[nodiscard]] bool waits() const noexcept { return waits_; }

  private:
    // One request at a time.
    void require_alone() const {
        const auto running = running_.lock();
        require(!running || running->answered());
    }

    agent::SocketLoop& loop_;
    std::weak_ptr<agent::Call> running_;
    std::size_t served_ = 0;
    Secret ready_;
    std::array<char, 512> scratch_{};
    bool closed_ = false;
    bool waits_ = false;
};

// The client's end, a turn at a time.
class Client {
  public:
    Client(agent::SocketLoop& loop, SmallAgent& host, Descriptor socket, std::string_view manner,
           std::string_view bytes)
        : loop_(loop),
          host_(host),
          socket_(std::move(socket)),
          rest_(bytes),
          deaf_(manner.contains("deaf")) {
        std::uint8_t size = 0;
        (void)std::from_chars(manner.data(), manner.data() + manner.size(), size);
        piece_ = std::max<std::size_t>(size, 1);
    }

    void take_turn() {
        if (host_.has_closed()) return loop_.stop();
        if (!deaf_) hear();
        if (!rest_.empty()) {
            say();
        } else if (!silent_) {
            (void)::shutdown(socket_.number(), SHUT_WR);
            silent_ = true;
        } else if (deaf_ || (host_.waits() && ++patience_ > 16)) {
            socket_ = {};
        }
        loop_.post([this] { take_turn(); });
    }

    void hear() {
        if (!socket_.open()) return;
        std::array<char, 4096> piece{};
        while (true) {
            const auto size = ::recv(socket_.number(), piece.data(), piece.size(), MSG_DONTWAIT);
            if (size <= 0) return;
            heard_.append(piece.data(), static_cast<std::size_t>(size));
        }
    }

    [[nodiscard]] const std::string& heard() const noexcept { return heard_; }
    [[nodiscard]] bool deaf() const noexcept { return deaf_; }

  private:
    void say() {
        const auto piece = rest_.substr(0, piece_);
        const auto size =
            ::send(socket_.number(), piece.data(), piece.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        // Where the agent has closed there is nobody to talk to.
        rest_.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : rest_.size());
    }

    agent::SocketLoop& loop_;
    SmallAgent& host_;
    Descriptor socket_;
    std::string_view rest_;
    std::size_t piece_ = 1;
    bool deaf_ = false;
    bool silent_ = false;
    int patience_ = 0;
    std::string heard_;
};

// How many end lines these bytes are owed: one for each whole line but those that carry a paste.
std::size_t owed(std::string_view bytes) {
    std::size_t count = 0;
    for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
        const auto request = Request::parse(bytes.substr(0, end));
        if (!request || !request->is_paste()) ++count;
        bytes.remove_prefix(end + 1);
    }
    return count;
}

// Whole lines, each a message; how many of them end a request. The numbers go up: answers come in
// the order of the requests.
std::size_t require_in_order(std::string_view heard) {
    std::size_t ended = 0;
    std::int64_t last = 0;
    while (!heard.empty()) {
        const auto [line, rest] = first_line(heard);
        require(line.size() < heard.size());
        const auto message = cli::Message::parse(Secret(line));
        require(message.has_value());
        heard = rest;
        if (message->kind == cli::Message::Kind::event) continue;
        ++ended;
        if (message->kind == cli::Message::Kind::error) continue;
        const auto number = message->body["number"].number();
        require(number && *number > last);
        last = *number;
    }
    return ended;
}

}  // namespace

void try_input(std::string_view input) {
    const auto [manner, bytes] = first_line(input);
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    agent::SocketLoop loop;
    SmallAgent host(loop);
    const auto connection = std::make_shared<agent::Connection>(host, loop, Descriptor(ends[0]), 1);
    Client client(loop, host, Descriptor(ends[1]), manner, bytes);
    connection->begin({});
    loop.post([&] { client.take_turn(); });
    loop.run();
    client.hear();
    const auto ended = require_in_order(client.heard());
    require(ended <= owed(bytes));
    if (!client.deaf() && !host.waits()) require(ended == owed(bytes));
}

}  // namespace hearth::fuzz
