#include <gtest/gtest.h>

#include <thread>

#include "oauth/thread_waiter.hpp"

namespace hearth::oauth {
namespace {

TEST(ThreadWaiter, waits_until_the_span_has_passed) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(ThreadWaiter().wait(std::chrono::milliseconds(5), {}));
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(5));
}

TEST(ThreadWaiter, is_called_off_by_a_stop_request) {
    std::stop_source stop;
    std::jthread canceller([&] { stop.request_stop(); });
    EXPECT_FALSE(ThreadWaiter().wait(std::chrono::hours(1), stop.get_token()));
}

}  // namespace
}  // namespace hearth::oauth
