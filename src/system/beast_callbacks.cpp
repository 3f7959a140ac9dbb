#include "system/beast_callbacks.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "core/try.hpp"
#include "system/beast_connection.hpp"
#include "system/blocked_signals.hpp"

namespace hearth::system {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t most_connections = 32;

using Bound = std::expected<tcp::acceptor, error_code>;

Bound bind(asio::io_context& context, const tcp::endpoint& endpoint) {
    try {
        tcp::acceptor acceptor(context);
        acceptor.open(endpoint.protocol());
        if (endpoint.protocol() == tcp::v6()) acceptor.set_option(asio::ip::v6_only(true));
        // A port that was closed a moment ago can be had again at once; one that is listened on
        // cannot.
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        acceptor.bind(endpoint);
        acceptor.listen();
        return acceptor;
    } catch (const boost::system::system_error& problem) {
        return std::unexpected(problem.code());
    }
}

bool no_ipv6(const error_code& problem) {
    return problem == asio::error::address_family_not_supported ||
           problem == asio::error::no_protocol_option ||
           problem == boost::system::errc::address_not_available;
}

Error cannot_listen(const tcp::endpoint& endpoint, const error_code& problem) {
    const bool taken = problem == asio::error::address_in_use;
    const std::string place = (endpoint.address().is_v6() ? "[::1]" : "127.0.0.1") +
                              (":" + std::to_string(endpoint.port()));
    return Error{
        Remedy::failed, "cannot wait for the browser at " + place + ": " + problem.message(),
        taken ? "end the program that uses the port, or choose another by redirect_port" : ""};
}

// 127.0.0.1 and, where the machine has it, ::1 at the same port. A browser may go to either, so a
// port of which another program has one half is not used at all.
Result<std::vector<tcp::acceptor>> bind_both(asio::io_context& context, std::uint16_t port) {
    const tcp::endpoint first(asio::ip::address_v4::loopback(), port);
    auto acceptor = bind(context, first);
    if (!acceptor) return std::unexpected(cannot_listen(first, acceptor.error()));
    const tcp::endpoint second(asio::ip::address_v6::loopback(), acceptor->local_endpoint().port());
    std::vector<tcp::acceptor> acceptors;
    acceptors.push_back(*std::move(acceptor));
    acceptor = bind(context, second);
    if (acceptor) {
        acceptors.push_back(*std::move(acceptor));
    } else if (!no_ipv6(acceptor.error())) {
        return std::unexpected(cannot_listen(second, acceptor.error()));
    }
    return acceptors;
}

class Listener : public oauth::CallbackListener {
  public:
    explicit Listener(BeastConnection::Handle handle) : handle_(std::move(handle)) {}
    // NOLINTNEXTLINE(bugprone-exception-escape): without memory to post, the program ends here.
    ~Listener() override {
        if (!thread_.joinable()) return;
        asio::post(context_, [this] { end(); });
        thread_.join();
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    Result<> open(std::uint16_t port) {
        // A chosen port may be taken on ::1; another one will not be.
        const int tries = port == 0 ? 16 : 1;
        auto bound = bind_both(context_, port);
        for (int i = 1; i < tries && !bound; ++i) bound = bind_both(context_, port);
        if (!bound) return std::unexpected(bound.error());
        acceptors_ = *std::move(bound);
        port_ = acceptors_.front().local_endpoint().port();
        waiting_.resize(acceptors_.size());
        accept();
        const BlockedSignals quiet;
        thread_ = std::thread([this] { context_.run(); });
        return {};
    }

    [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }

  private:
    void accept() {
        for (std::size_t i = 0; i < acceptors_.size(); ++i) {
            if (ending_ || waiting_[i] || open_ + 1 > most_connections) continue;
            waiting_[i] = true;
            acceptors_[i].async_accept([this, i](const error_code& problem, tcp::socket socket) {
                waiting_[i] = false;
                if (problem) {
                    accept_later();
                } else {
                    if (!ending_) serve(std::move(socket));
                    accept();
                }
            });
        }
    }

    // There is no descriptor left, say; trying again at once would spin.
    void accept_later() {
        if (ending_) return;
        pause_.expires_after(std::chrono::milliseconds(100));
        pause_.async_wait([this](const error_code& problem) {
            if (!problem) accept();
        });
    }

    void serve(tcp::socket socket) {
        ++open_;
        const auto connection =
            std::make_shared<BeastConnection>(std::move(socket), handle_, [this] {
                --open_;
                asio::post(context_, [this] { accept(); });
            });
        std::erase_if(connections_, [](const auto& one) { return one.expired(); });
        connections_.push_back(connection);
        connection->start();
    }

    // Without acceptors and connections the loop has nothing left to wait for, and ends.
    void end() {
        ending_ = true;
        pause_.cancel();
        for (auto& acceptor : acceptors_) {
            error_code ignored;
            std::ignore = acceptor.close(ignored);
        }
        for (const auto& one : connections_) {
            if (const auto connection = one.lock()) connection->close();
        }
    }

    BeastConnection::Handle handle_;
    std::vector<bool> waiting_;
    std::vector<std::weak_ptr<BeastConnection>> connections_;
    std::size_t open_ = 0;
    bool ending_ = false;
    std::uint16_t port_ = 0;
    asio::io_context context_{1};
    asio::steady_timer pause_{context_};
    std::vector<tcp::acceptor> acceptors_;
    std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<oauth::CallbackListener>> BeastCallbacks::listen(
    std::uint16_t port, std::function<oauth::CallbackReply(const oauth::CallbackRequest&)> handle) {
    try {
        auto listener = std::make_unique<Listener>(std::move(handle));
        HEARTH_CHECK(listener->open(port));
        return listener;
    } catch (const std::system_error& problem) {
        return std::unexpected(Error{
            Remedy::failed, std::string("cannot wait for the browser: ") + problem.what(), ""});
    }
}

}  // namespace hearth::system
