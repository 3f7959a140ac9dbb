#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <functional>
#include <memory>

#include "oauth/callback.hpp"

namespace hearth::system {

// One request, one reply, then the end; kept alive by what it waits for. Only the callback
// listener's files see this.
class BeastConnection : public std::enable_shared_from_this<BeastConnection> {
  public:
    using Handle = std::function<oauth::CallbackReply(const oauth::CallbackRequest&)>;

    // `handle` must outlive it; `ended` is called once, when it is destroyed.
    BeastConnection(boost::asio::ip::tcp::socket socket, const Handle& handle,
                    std::function<void()> ended);
    ~BeastConnection();
    BeastConnection(const BeastConnection&) = delete;
    BeastConnection& operator=(const BeastConnection&) = delete;

    void start();
    // Ends it, after the reply when one is being written.
    void close();

  private:
    using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
    using Response = boost::beast::http::response<boost::beast::http::string_body>;

    enum class Stage : std::uint8_t { reading, replying, leaving };

    void on_read(boost::beast::error_code problem);
    [[nodiscard]] oauth::CallbackReply answer() const;
    void reply(oauth::CallbackReply reply);
    void say_goodbye();
    void drain();

    boost::beast::tcp_stream stream_;
    const Handle& handle_;
    std::function<void()> ended_;
    boost::beast::flat_buffer buffer_;
    Parser parser_;
    Response response_;
    Stage stage_ = Stage::reading;
    bool closing_ = false;
};

}  // namespace hearth::system
