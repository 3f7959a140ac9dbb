#include "sandbox/server.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <csignal>
#include <optional>
#include <set>
#include <vector>

namespace hearth::sandbox {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::size_t body_limit = 1024UL * 1024;
constexpr std::uint32_t header_limit = 16 * 1024;
constexpr seconds idle_limit{30};
constexpr milliseconds between_pieces{
    10};  // So that a stream arrives as one, and not in a single read.

Instant wall_clock() { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

Request to_request(const http::request<http::string_body>& received) {
    Request request;
    request.method = received.method_string();
    const std::string_view target(received.target().data(), received.target().size());
    const auto question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    request.query = target.substr(std::min(question + 1, target.size()));
    for (const auto& field : received)
        request.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    request.body = received.body();
    return request;
}

enum class Framing : std::uint8_t { whole, chunked };

std::string head_of(const Answer& answer, Framing framing, Instant now) {
    const Response& response = answer.response;
    std::string head =
        fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\nServer: hearth-sandbox\r\n", response.status,
                    std::string(http::obsolete_reason(static_cast<http::status>(response.status))),
                    to_http_date(now + answer.delivery.date_skew));
    for (const auto& header : response.headers)
        head += fmt::format("{}: {}\r\n", header.name, header.value);
    if (framing == Framing::chunked)
        head += "Transfer-Encoding: chunked\r\n";
    else
        head += fmt::format("Content-Length: {}\r\n", response.body.size());
    return head + "\r\n";
}

std::string chunk_of(std::string_view piece) {
    return fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
}

// Whether the client has closed its side.
bool left(tcp::socket& socket) {
    char byte = 0;
    return ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

asio::awaitable<void> wait_for(milliseconds span) {
    asio::steady_timer timer(co_await asio::this_coro::executor, span);
    co_await timer.async_wait(asio::use_awaitable);
}

// One client. Its coroutines use nothing but its members, and `converse` keeps it alive.
class Connection {
  public:
    Connection(tcp::socket socket, Cloud& cloud) : stream_(std::move(socket)), cloud_(cloud) {}

    static asio::awaitable<void> converse(std::unique_ptr<Connection> connection) {
        boost::system::error_code ignored;
        (void)connection->stream_.socket().set_option(tcp::no_delay(true), ignored);
        try {
            while (co_await connection->serve_one()) {
            }
        } catch (const boost::system::system_error& over) {
            // The peer left or does not speak HTTP; either way the connection is over.
            ignored = over.code();
        }
        (void)connection->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }

  private:
    // Both are false when the connection has to end.
    asio::awaitable<bool> serve_one();
    asio::awaitable<bool> deliver(Answer answer);
    asio::awaitable<bool> deliver_pieces(Answer answer);
    asio::awaitable<void> send(std::string bytes) {
        co_await asio::async_write(stream_.socket(), asio::buffer(bytes), asio::use_awaitable);
    }

    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    Cloud& cloud_;
};

asio::awaitable<bool> Connection::serve_one() {
    http::request_parser<http::string_body> parser;
    parser.body_limit(body_limit);
    parser.header_limit(header_limit);
    stream_.expires_after(idle_limit);
    co_await http::async_read(stream_, buffer_, parser, asio::use_awaitable);
    stream_.expires_never();
    const Request request = to_request(parser.get());
    const Admission admission = cloud_.admit(request);
    if (admission.delay.count() > 0) {
        co_await wait_for(admission.delay);
        if (left(stream_.socket())) co_return false;
    }
    Answer answer = cloud_.answer(request, admission, wall_clock());
    const bool keep = parser.get().keep_alive();
    co_return co_await deliver(std::move(answer)) && keep;
}

asio::awaitable<bool> Connection::deliver(Answer answer) {
    if (answer.delivery.delay.count() > 0) co_await wait_for(answer.delivery.delay);
    if (answer.delivery.cut == Delivery::Cut::before_answer) co_return false;
    if (!answer.response.pieces.empty()) co_return co_await deliver_pieces(std::move(answer));
    const bool cut = answer.delivery.cut == Delivery::Cut::in_body;
    const std::string_view body = answer.response.body;
    co_await send(head_of(answer, Framing::whole, wall_clock()) +
                  std::string(body.substr(0, cut ? body.size() / 2 : body.size())));
    co_return !cut;
}

asio::awaitable<bool> Connection::deliver_pieces(Answer answer) {
    const bool cut = answer.delivery.cut == Delivery::Cut::in_body;
    auto& pieces = answer.response.pieces;
    co_await send(head_of(answer, Framing::chunked, wall_clock()));
    if (cut) pieces.resize(pieces.size() / 2);
    for (const auto& piece : pieces) {
        co_await send(chunk_of(piece));
        co_await wait_for(between_pieces);
    }
    if (!cut) co_await send("0\r\n\r\n");
    co_return !cut;
}

std::optional<std::string> open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
    try {
        acceptor.open(endpoint.protocol());
        if (endpoint.protocol() == tcp::v6()) acceptor.set_option(asio::ip::v6_only(true));
        acceptor.set_option(tcp::acceptor::reuse_address(true));
        acceptor.bind(endpoint);
        acceptor.listen();
        return std::nullopt;
    } catch (const boost::system::system_error& error) {
        boost::system::error_code ignored;
        (void)acceptor.close(ignored);
        return error.code().message();
    }
}

class LoopbackServer : public Server {
  public:
    std::optional<std::string> open_both(std::uint16_t port) {
        if (auto failure = open(four_, {asio::ip::address_v4::loopback(), port})) return failure;
        // A machine without IPv6, or with that port taken there, is served on 127.0.0.1 alone.
        open(six_, {asio::ip::address_v6::loopback(), four_.local_endpoint().port()});
        return std::nullopt;
    }

    [[nodiscard]] std::uint16_t port() const noexcept override {
        boost::system::error_code error;
        return four_.local_endpoint(error).port();
    }

    void serve(Cloud& cloud) override {
        signals_.async_wait([this](const boost::system::error_code& error, int) {
            if (!error) loop_.stop();
        });
        if (parent_.is_open()) {
            parent_.async_wait(asio::posix::stream_descriptor::wait_read,
                               [this](const boost::system::error_code& error) {
                                   if (!error) loop_.stop();
                               });
        }
        accept_next(four_, cloud);
        if (six_.is_open()) accept_next(six_, cloud);
        loop_.run();
    }

    // Not PR_SET_PDEATHSIG: that follows the parent's thread, and test runners start programs from
    // short-lived ones.
    bool die_with_parent() override {
        const auto descriptor = static_cast<int>(::syscall(SYS_pidfd_open, ::getppid(), 0));
        if (descriptor < 0) return false;
        parent_.assign(descriptor);
        return true;
    }

  private:
    void accept_next(tcp::acceptor& acceptor, Cloud& cloud) {
        acceptor.async_accept([&, this](const boost::system::error_code& error,
                                        tcp::socket socket) {
            if (!error) {
                asio::co_spawn(
                    loop_,
                    Connection::converse(std::make_unique<Connection>(std::move(socket), cloud)),
                    asio::detached);
                accept_next(acceptor, cloud);
            } else if (error != asio::error::operation_aborted) {
                accept_later(acceptor, cloud);
            }
        });
    }
    // Out of descriptors, most likely: some will come back.
    void accept_later(tcp::acceptor& acceptor, Cloud& cloud) {
        auto timer = std::make_shared<asio::steady_timer>(loop_, milliseconds(50));
        timer->async_wait([&, this, timer](const boost::system::error_code& error) {
            if (!error) accept_next(acceptor, cloud);
        });
    }

    asio::io_context loop_{1};
    asio::signal_set signals_{loop_, SIGINT, SIGTERM};
    asio::posix::stream_descriptor parent_{loop_};
    tcp::acceptor four_{loop_};
    tcp::acceptor six_{loop_};
};

}  // namespace

std::expected<std::unique_ptr<Server>, std::string> Server::listen(std::uint16_t port) {
    auto server = std::make_unique<LoopbackServer>();
    if (auto failure = server->open_both(port))
        return std::unexpected(
            fmt::format("127.0.0.1:{} cannot be listened on: {}", port, *failure));
    return server;
}

}  // namespace hearth::sandbox
