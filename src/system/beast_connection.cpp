#include "system/beast_connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <exception>
#include <tuple>
#include <utility>

namespace hearth::system {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr auto patience = std::chrono::seconds(5);
constexpr auto farewell = std::chrono::seconds(1);
constexpr std::uint32_t longest_headers = 16U * 1024;
constexpr std::uint64_t longest_body = 1024;

// The status that tells the sender what is wrong with the request; 0 where there is nobody to tell.
int refusal(const beast::error_code& problem) {
    if (problem == http::error::end_of_stream || problem == beast::error::timeout) return 0;
    if (problem == http::error::header_limit || problem == http::error::buffer_overflow) return 431;
    if (problem == http::error::body_limit) return 413;
    const bool about_syntax =
        problem.category() == http::make_error_code(http::error::bad_method).category();
    return about_syntax && problem != http::error::partial_message ? 400 : 0;
}

}  // namespace

BeastConnection::BeastConnection(boost::asio::ip::tcp::socket socket, const Handle& handle,
                                 std::function<void()> ended)
    : stream_(std::move(socket)),
      handle_(handle),
      ended_(std::move(ended)),
      buffer_(longest_headers + longest_body) {
    parser_.header_limit(longest_headers);
    parser_.body_limit(longest_body);
}

BeastConnection::~BeastConnection() { ended_(); }

void BeastConnection::start() {
    stream_.expires_after(patience);
    http::async_read(stream_, buffer_, parser_,
                     [self = shared_from_this()](const beast::error_code& problem,
                                                 std::size_t /*size*/) { self->on_read(problem); });
}

void BeastConnection::close() {
    if (stage_ == Stage::replying) {
        closing_ = true;
    } else {
        stream_.close();
    }
}

void BeastConnection::on_read(beast::error_code problem) {
    const int status = problem ? refusal(problem) : 0;
    if (!problem) reply(answer());
    if (status != 0) reply({.status = status, .headers = {}, .body = {}});
}

oauth::CallbackReply BeastConnection::answer() const {
    const auto& message = parser_.get();
    oauth::CallbackRequest request{.method = std::string(message.method_string()),
                                   .target = std::string(message.target()),
                                   .headers = {}};
    for (const auto& field : message) {
        request.headers.push_back(
            {.name = std::string(field.name_string()), .value = std::string(field.value())});
    }
    try {
        return handle_(request);
    } catch (const std::exception&) {
        return {.status = 500, .headers = {}, .body = {}};
    }
}

void BeastConnection::reply(oauth::CallbackReply reply) {
    stage_ = Stage::replying;
    response_.version(11);
    response_.result(static_cast<unsigned>(reply.status));
    for (const auto& header : reply.headers) response_.insert(header.name, header.value);
    response_.keep_alive(false);
    response_.body() = std::move(reply.body);
    response_.prepare_payload();
    // The reply to HEAD tells the length and ends there.
    if (parser_.is_header_done() && parser_.get().method() == http::verb::head)
        response_.body().clear();
    stream_.expires_after(farewell);
    http::async_write(
        stream_, response_,
        [self = shared_from_this()](const beast::error_code& problem, std::size_t /*size*/) {
            if (!problem) self->say_goodbye();
        });
}

// What was written is delivered even if the connection is closed right behind it.
void BeastConnection::say_goodbye() {
    stage_ = Stage::leaving;
    beast::error_code ignored;
    std::ignore = stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    if (!closing_) drain();
}

// Reads until the other side has closed: closing while it still sends would reset the connection,
// and the reply could be lost with it. The farewell's time limit goes on.
void BeastConnection::drain() {
    buffer_.clear();
    stream_.async_read_some(
        buffer_.prepare(1024),
        [self = shared_from_this()](const beast::error_code& problem, std::size_t /*size*/) {
            if (!problem) self->drain();
        });
}

}  // namespace hearth::system
