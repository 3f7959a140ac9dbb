#include "agent/socket_loop.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace hearth::agent {
namespace {

class Counting : public SocketLoop::Watcher {
  public:
    void ready(Ready /*what*/) override { ++told; }
    int told = 0;
};

// As a process that was forked a moment ago has one.
TEST(SocketLoop, tells_nothing_of_a_forgotten_descriptor_that_somebody_has_a_copy_of) {
    SocketLoop loop;
    Counting watcher;
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    const Descriptor other_end(ends[1]);
    const Descriptor copy(::dup(ends[0]));
    Descriptor watched(ends[0]);
    ASSERT_TRUE(loop.watch(watched.number(), SocketLoop::Interest::read, watcher));
    ASSERT_EQ(::write(other_end.number(), "a", 1), 1);
    loop.post([&] {
        EXPECT_EQ(watcher.told, 1) << "it is readable";
        loop.forget(watched.number());
        watched = {};
        // After the loop has looked once more.
        loop.post([&loop] { loop.stop(); });
    });
    loop.run();
    EXPECT_EQ(watcher.told, 1);
}

}  // namespace
}  // namespace hearth::agent
