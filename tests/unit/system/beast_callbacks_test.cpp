#include "system/beast_callbacks.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/descriptor.hpp"
#include "unit/system/signal.hpp"

namespace hearth::system {
namespace {

using oauth::CallbackReply;
using oauth::CallbackRequest;

enum class Family { v4, v6 };

// A browser, as rude as the test wants it.
class Visitor {
  public:
    explicit Visitor(std::uint16_t port, Family family = Family::v4) {
        socket_ =
            ::socket(family == Family::v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in v4{};
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr_in6 v6{};
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        v6.sin6_addr = in6addr_loopback;
        const auto answer =
            family == Family::v4
                ? ::connect(socket_, reinterpret_cast<const sockaddr*>(&v4), sizeof v4)
                : ::connect(socket_, reinterpret_cast<const sockaddr*>(&v6), sizeof v6);
        connected_ = answer == 0;
    }
    ~Visitor() { ::close(socket_); }
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;

    [[nodiscard]] bool connected() const noexcept { return connected_; }
    Visitor& say(std::string_view text) {
        (void)::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
        return *this;
    }
    // Everything until the other side closes; empty when nothing came within the time.
    std::string hear(int milliseconds = 20'000) {
        std::string heard;
        std::array<char, 4096> piece{};
        pollfd source{.fd = socket_, .events = POLLIN, .revents = 0};
        while (::poll(&source, 1, milliseconds) > 0) {
            const auto got = ::read(socket_, piece.data(), piece.size());
            if (got <= 0) break;
            heard.append(piece.data(), static_cast<std::size_t>(got));
        }
        return heard;
    }

  private:
    int socket_ = -1;
    bool connected_ = false;
};

bool machine_has_ipv6() {
    const int socket = ::socket(AF_INET6, SOCK_STREAM, 0);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    const bool has =
        socket >= 0 && ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    if (socket >= 0) ::close(socket);
    return has;
}

class CallbackListener : public ::testing::Test {
  protected:
    void SetUp() override { listen(0); }
    void listen(std::uint16_t port) {
        auto opened = callbacks.listen(port, [this](const CallbackRequest& request) {
            const std::scoped_lock lock(mutex);
            seen.push_back(request);
            return reply;
        });
        ASSERT_TRUE(opened) << opened.error().what;
        listener = *std::move(opened);
    }
    std::string ask(std::string_view text) { return Visitor(listener->port()).say(text).hear(); }
    std::size_t handled() {
        const std::scoped_lock lock(mutex);
        return seen.size();
    }

    BeastCallbacks callbacks;
    std::mutex mutex;
    std::vector<CallbackRequest> seen;
    CallbackReply reply{
        .status = 200, .headers = {{"Content-Type", "text/html"}}, .body = "<p>done"};
    std::unique_ptr<oauth::CallbackListener> listener;
};

TEST_F(CallbackListener, hands_over_the_request_as_it_was_sent) {
    ask("GET /callback?code=a%20b&state=%2F HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Twice: 1\r\nx-twice: "
        "2\r\n\r\n");
    ASSERT_EQ(handled(), 1U);
    EXPECT_EQ(seen[0].method, "GET");
    EXPECT_EQ(seen[0].target, "/callback?code=a%20b&state=%2F");
    EXPECT_EQ(seen[0].headers,
              (std::vector<Header>{{"Host", "127.0.0.1"}, {"X-Twice", "1"}, {"x-twice", "2"}}));
}

TEST_F(CallbackListener, answers_what_the_handler_says_and_closes) {
    EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
              "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: "
              "7\r\n\r\n<p>done");
}

TEST_F(CallbackListener, answers_head_without_the_body) {
    const auto heard = ask("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(heard.ends_with("Content-Length: 7\r\n\r\n"));
}

TEST_F(CallbackListener, listens_on_ipv6_too_where_there_is_one) {
    if (!machine_has_ipv6()) GTEST_SKIP() << "no ::1 on this machine";
    Visitor visitor(listener->port(), Family::v6);
    EXPECT_TRUE(visitor.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear().ends_with("<p>done"));
}

TEST_F(CallbackListener, listens_at_the_port_asked_for_again_and_again) {
    const auto port = listener->port();
    for (int i = 0; i < 3; ++i) {
        ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        listener.reset();
        listen(port);
        ASSERT_EQ(listener->port(), port);
    }
}

TEST_F(CallbackListener, says_that_its_port_is_taken) {
    const auto second =
        callbacks.listen(listener->port(), [](const CallbackRequest&) { return CallbackReply{}; });
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().remedy, Remedy::failed);
    EXPECT_NE(second.error().what.find("127.0.0.1:" + std::to_string(listener->port())),
              std::string::npos);
    EXPECT_FALSE(second.error().hint.empty());
}

// A port of ::1 alone, chosen by the system and held until the descriptor is closed.
std::pair<Descriptor, std::uint16_t> ipv6_half() {
    Descriptor other(::socket(AF_INET6, SOCK_STREAM, 0));
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(other.number(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(other.number(), 1), 0);
    EXPECT_EQ(::getsockname(other.number(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    return {std::move(other), ntohs(address.sin6_port)};
}

TEST_F(CallbackListener, does_not_share_a_port_of_which_another_program_has_the_ipv6_half) {
    if (!machine_has_ipv6()) GTEST_SKIP() << "no ::1 on this machine";
    std::string what;
    // Another program may have the other half by chance, which is told first.
    for (int tries = 0; tries < 20 && !what.contains("[::1]"); ++tries) {
        const auto [other, port] = ipv6_half();
        const auto shared =
            callbacks.listen(port, [](const CallbackRequest&) { return CallbackReply{}; });
        ASSERT_FALSE(shared);
        what = shared.error().what;
    }
    EXPECT_NE(what.find("[::1]"), std::string::npos) << what;
}

TEST_F(CallbackListener, refuses_too_much_before_the_handler_is_called) {
    const std::string big(20'000, 'x');
    EXPECT_TRUE(ask("GET /" + big + " HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 431 "));
    EXPECT_TRUE(ask("GET / HTTP/1.1\r\nX: " + big + "\r\n\r\n").starts_with("HTTP/1.1 431 "));
    EXPECT_TRUE(
        ask("POST / HTTP/1.1\r\nContent-Length: 1025\r\n\r\n").starts_with("HTTP/1.1 413 "));
    EXPECT_EQ(handled(), 0U);
}

TEST_F(CallbackListener, refuses_what_is_not_http_before_the_handler_is_called) {
    EXPECT_TRUE(ask("hello\r\n\r\n").starts_with("HTTP/1.1 400 "));
    EXPECT_TRUE(ask("GET / HTTP/9.9\r\n\r\n").starts_with("HTTP/1.1 400 "));
    EXPECT_TRUE(
        ask(std::string("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", 27)).starts_with("HTTP/1.1 400 "));
    EXPECT_EQ(handled(), 0U);
}

TEST_F(CallbackListener, gives_up_on_a_request_that_does_not_end) {
    Visitor slow(listener->port());
    slow.say("GET / HTTP/1.1\r\nHost:");
    EXPECT_EQ(slow.hear(), "");
    EXPECT_EQ(handled(), 0U);
    // And is there for the next one.
    EXPECT_TRUE(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("<p>done"));
}

TEST_F(CallbackListener, answers_beside_connections_that_say_nothing) {
    const Visitor first(listener->port());
    const Visitor second(listener->port());
    EXPECT_TRUE(ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("<p>done"));
}

TEST_F(CallbackListener, keeps_those_beyond_the_limit_waiting_until_one_leaves) {
    std::vector<std::unique_ptr<Visitor>> idle;
    for (int i = 0; i < 32; ++i) idle.push_back(std::make_unique<Visitor>(listener->port()));
    Visitor late(listener->port());
    ASSERT_TRUE(late.connected());
    late.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(late.hear(100), "");
    idle.pop_back();
    EXPECT_TRUE(late.hear().ends_with("<p>done"));
}

TEST_F(CallbackListener, calls_the_handler_for_one_request_at_a_time) {
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    const auto opened = callbacks.listen(0, [&](const CallbackRequest&) {
        most = std::max(most.load(), ++inside);
        --inside;
        return CallbackReply{.status = 200, .headers = {}, .body = {}};
    });
    ASSERT_TRUE(opened);
    {
        std::vector<std::jthread> visitors;
        for (int i = 0; i < 8; ++i) {
            visitors.emplace_back([port = (*opened)->port()] {
                for (int j = 0; j < 10; ++j) {
                    Visitor visitor(port);
                    EXPECT_TRUE(visitor.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                                    .hear()
                                    .starts_with("HTTP/1.1 200"));
                }
            });
        }
    }
    EXPECT_EQ(most, 1);
}

TEST_F(CallbackListener, turns_a_handler_that_throws_into_an_error_page) {
    const auto opened = callbacks.listen(
        0, [](const CallbackRequest&) -> CallbackReply { throw std::runtime_error("planted"); });
    ASSERT_TRUE(opened);
    Visitor visitor((*opened)->port());
    const auto heard = visitor.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n").hear();
    EXPECT_TRUE(heard.starts_with("HTTP/1.1 500 "));
    EXPECT_EQ(heard.find("planted"), std::string::npos);
}

// The handler tells the signing-in thread, which lets go of the listener at once; the person shall
// see the page.
TEST_F(CallbackListener, delivers_a_reply_under_way_when_it_is_destroyed) {
    for (int i = 0; i < 20; ++i) {
        testing::Signal arrived;
        auto opened = callbacks.listen(0, [&](const CallbackRequest&) {
            arrived.raise();
            return CallbackReply{.status = 200, .headers = {}, .body = std::string(100'000, 'x')};
        });
        ASSERT_TRUE(opened);
        Visitor visitor((*opened)->port());
        visitor.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        std::string heard;
        std::jthread browser([&] { heard = visitor.hear(); });
        ASSERT_TRUE(arrived.wait());
        opened->reset();
        browser.join();
        EXPECT_TRUE(heard.ends_with(std::string(100'000, 'x')));
    }
}

TEST_F(CallbackListener, ends_soon_whoever_is_connected) {
    Visitor idle(listener->port());
    Visitor half(listener->port());
    half.say("GET / HT");
    ask("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    listener.reset();
    EXPECT_EQ(idle.hear(), "");
    EXPECT_EQ(half.hear(), "");
}

}  // namespace
}  // namespace hearth::system
