#include "system/loopback_peer.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "core/descriptor.hpp"
#include "system/confinement.hpp"
#include "system/process.hpp"

namespace hearth::system {
namespace {

constexpr uid_t nobody = 65534;

Descriptor tcp_socket() { return Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

class LoopbackPeer : public ::testing::Test {
  protected:
    void SetUp() override {
        listening_ = tcp_socket();
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address_;
        auto* const named = reinterpret_cast<sockaddr*>(&address_);
        ASSERT_EQ(::bind(listening_.number(), named, size), 0);
        ASSERT_EQ(::getsockname(listening_.number(), named, &size), 0);
        ASSERT_EQ(::listen(listening_.number(), 8), 0);
        if (!check_loopback_peers(listening_.number()))
            GTEST_SKIP() << "this kernel does not tell whose a connection is";
    }
    [[nodiscard]] bool connects(const Descriptor& socket) const {
        return ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address_),
                         sizeof address_) == 0;
    }
    [[nodiscard]] Descriptor accepted() const {
        return Descriptor(::accept4(listening_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    }
    // The status that a child ends with.
    static int in_child(const std::function<int()>& work) {
        const pid_t child = ::fork();
        if (child == 0) ::_exit(work());
        int status = -1;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    }

    Descriptor listening_;
    sockaddr_in address_{};
};

TEST_F(LoopbackPeer, is_this_user_where_this_process_connects) {
    const auto client = tcp_socket();
    ASSERT_TRUE(connects(client));
    const auto server = accepted();
    const auto user = loopback_peer(server.number());
    ASSERT_TRUE(user) << user.error().what;
    EXPECT_EQ(*user, ::geteuid());
}

// As Java and .NET connect.
TEST_F(LoopbackPeer, is_known_behind_a_socket_of_ipv6_too) {
    const Descriptor client(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!client.open()) GTEST_SKIP() << "this machine has no IPv6";
    sockaddr_in6 mapped{};
    mapped.sin6_family = AF_INET6;
    mapped.sin6_port = address_.sin_port;
    ASSERT_EQ(::inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr), 1);
    ASSERT_EQ(::connect(client.number(), reinterpret_cast<const sockaddr*>(&mapped), sizeof mapped),
              0);
    const auto server = accepted();
    const auto user = loopback_peer(server.number());
    ASSERT_TRUE(user) << user.error().what;
    EXPECT_EQ(*user, ::geteuid());
}

TEST_F(LoopbackPeer, is_another_user_where_another_user_connects) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can play another user";
    const pid_t other = ::fork();
    if (other == 0) {
        const bool changed = ::setgid(nobody) == 0 && ::setuid(nobody) == 0;
        const auto client = tcp_socket();
        if (!changed || !connects(client)) ::_exit(1);
        char byte = 0;
        // Stays until the other end is closed.
        ::_exit(::recv(client.number(), &byte, 1, 0) == 0 ? 0 : 2);
    }
    {
        const auto server = accepted();
        const auto user = loopback_peer(server.number());
        ASSERT_TRUE(user) << user.error().what;
        EXPECT_EQ(*user, nobody);
    }
    int status = -1;
    EXPECT_EQ(::waitpid(other, &status, 0), other);
    EXPECT_EQ(status, 0);
}

TEST_F(LoopbackPeer, is_the_user_who_made_the_socket_whoever_has_it_now) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can play another user";
    const auto client = tcp_socket();
    EXPECT_EQ(in_child([&] { return ::setuid(nobody) == 0 && connects(client) ? 0 : 1; }), 0);
    const auto server = accepted();
    const auto user = loopback_peer(server.number());
    ASSERT_TRUE(user) << user.error().what;
    EXPECT_EQ(*user, 0U);
}

TEST_F(LoopbackPeer, is_nobody_once_it_has_closed) {
    auto client = tcp_socket();
    ASSERT_TRUE(connects(client));
    const auto server = accepted();
    client = {};
    char byte = 0;
    ASSERT_EQ(::recv(server.number(), &byte, 1, 0), 0);
    const auto user = loopback_peer(server.number());
    ASSERT_FALSE(user);
    EXPECT_EQ(user.error().remedy, Remedy::refused);
}

TEST_F(LoopbackPeer, is_told_to_a_confined_process) {
    const auto client = tcp_socket();
    ASSERT_TRUE(connects(client));
    const auto server = accepted();
    EXPECT_EQ(in_child([&] {
                  if (!harden_process()) return 1;
                  (void)confine_process();
                  const auto user = loopback_peer(server.number());
                  return user && *user == ::geteuid() ? 0 : 2;
              }),
              0);
}

TEST_F(LoopbackPeer, is_not_told_of_what_is_no_connection) {
    EXPECT_FALSE(loopback_peer(listening_.number()));
    EXPECT_FALSE(loopback_peer(-1));
    EXPECT_FALSE(check_loopback_peers(-1));
}

}  // namespace
}  // namespace hearth::system
