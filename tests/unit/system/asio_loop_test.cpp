#include "system/asio_loop.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <thread>
#include <vector>

#include "system/clock.hpp"

namespace hearth::system {
namespace {

using namespace std::chrono_literals;

class Loop : public ::testing::Test {
  protected:
    session::Loop::Task write(int number) {
        return [this, number] { ran.push_back(number); };
    }

    boost::asio::io_context context;
    AsioLoop loop{context};
    std::vector<int> ran;
};

TEST_F(Loop, ends_when_nothing_is_left_to_do) {
    loop.post(write(1));
    context.run();
    EXPECT_EQ(ran, std::vector{1});
}

TEST_F(Loop, runs_a_timer_not_before_its_time) {
    const Span due = boot_time() + 30ms;
    Span ran_at{};
    loop.at(due, [&] { ran_at = boot_time(); });
    context.run();
    EXPECT_GE(ran_at, due);
}

TEST_F(Loop, runs_a_timer_of_the_past_soon_but_not_from_within_the_call) {
    loop.post([this] {
        loop.at(Span(0), write(2));
        loop.at(Span(-5), write(1));
        ran.push_back(0);
    });
    context.run();
    EXPECT_EQ(ran, (std::vector{0, 1, 2}));
}

TEST_F(Loop, takes_an_earlier_timer_first) {
    const Span now = boot_time();
    loop.at(now + 40ms, write(2));
    loop.at(now + 10ms, write(1));
    context.run();
    EXPECT_EQ(ran, (std::vector{1, 2}));
}

TEST_F(Loop, does_not_wait_for_a_timer_that_was_cancelled) {
    const auto timer = loop.at(boot_time() + 1h, write(1));
    loop.post([&] { loop.cancel(timer); });
    context.run();
    EXPECT_TRUE(ran.empty());
}

TEST_F(Loop, takes_a_new_timer_after_the_last_one_was_cancelled) {
    loop.post([this] {
        loop.cancel(loop.at(boot_time() + 1h, write(1)));
        loop.at(boot_time() + 5ms, write(2));
    });
    context.run();
    EXPECT_EQ(ran, std::vector{2});
}

TEST_F(Loop, lets_a_task_set_and_cancel_timers) {
    session::Loop::TimerId doomed = 0;
    loop.at(boot_time(), [&] {
        loop.cancel(doomed);
        loop.at(boot_time() + 1ms, write(3));
    });
    doomed = loop.at(boot_time() + 1h, write(1));
    context.run();
    EXPECT_EQ(ran, std::vector{3});
}

TEST_F(Loop, takes_tasks_from_any_thread) {
    loop.at(boot_time() + 1h, [] {});
    std::jthread other([this] {
        for (int i = 0; i < 100; ++i) loop.post(write(i));
        loop.post([this] { context.stop(); });
    });
    context.run();
    EXPECT_EQ(ran.size(), 100U);
}

TEST_F(Loop, gives_others_their_turn_among_many_due_timers) {
    for (int i = 0; i < 1000; ++i) loop.at(Span(0), write(i));
    std::size_t seen = 0;
    loop.at(Span(-1), [&] { loop.post([&] { seen = ran.size(); }); });
    context.run();
    EXPECT_EQ(ran.size(), 1000U);
    EXPECT_LT(seen, 1000U);
}

TEST(LoopTimers, end_with_the_loop_even_when_they_are_due) {
    boost::asio::io_context context;
    bool ran = false;
    {
        AsioLoop loop(context);
        loop.at(Span(0), [&] { ran = true; });
        context.poll_one();
    }
    ran = false;
    context.run();
    EXPECT_FALSE(ran);
}

TEST(LoopTimers, by_the_hundred_thousand_run_all) {
    boost::asio::io_context context;
    AsioLoop loop(context);
    int ran = 0;
    for (int i = 0; i < 100'000; ++i) loop.at(Span(i % 977), [&] { ++ran; });
    context.run();
    EXPECT_EQ(ran, 100'000);
}

}  // namespace
}  // namespace hearth::system
