#include "system/thread_workers.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "unit/system/signal.hpp"

namespace hearth::system {
namespace {

using namespace std::chrono_literals;
using session::Work;
using testing::Signal;

TEST(Workers, have_no_thread_before_there_is_work) {
    const ThreadWorkers workers;
    EXPECT_EQ(workers.threads(), 0U);
}

TEST(Workers, run_a_task_on_another_thread) {
    Signal done;
    std::thread::id where;
    ThreadWorkers workers;
    workers.run(Work::network, [&] {
        where = std::this_thread::get_id();
        done.raise();
    });
    ASSERT_TRUE(done.wait());
    EXPECT_NE(where, std::this_thread::get_id());
}

TEST(Workers, block_side_by_side_up_to_the_limit_of_their_kind) {
    Signal started;
    Signal release;
    std::atomic<int> running = 0;
    std::atomic<int> most = 0;
    ThreadWorkers workers({.store = 3});
    for (int i = 0; i < 9; ++i) {
        workers.run(Work::store, [&] {
            const int now = ++running;
            for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
            }
            started.raise();
            EXPECT_TRUE(release.wait());
            --running;
        });
    }
    EXPECT_TRUE(started.wait(3));
    EXPECT_EQ(workers.threads(), 3U);
    release.raise();
    EXPECT_TRUE(started.wait(9));
    EXPECT_EQ(most, 3);
}

TEST(Workers, of_one_kind_do_not_hold_up_another) {
    Signal release;
    Signal done;
    ThreadWorkers workers({.person = 1});
    workers.run(Work::person, [&] { EXPECT_TRUE(release.wait()); });
    workers.run(Work::person, [&] { EXPECT_TRUE(release.wait()); });
    workers.run(Work::store, [&] { done.raise(); });
    EXPECT_TRUE(done.wait());
    release.raise();
}

TEST(Workers, start_tasks_of_one_kind_in_order) {
    std::vector<int> order;
    {
        ThreadWorkers workers({.store = 1});
        for (int i = 0; i < 100; ++i) workers.run(Work::store, [&, i] { order.push_back(i); });
    }
    EXPECT_EQ(order.size(), 100U);
    EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(Workers, go_when_there_was_nothing_to_do_for_a_while_and_come_back) {
    ThreadWorkers workers({.idle = 1ms});
    for (int round = 1; round <= 3; ++round) {
        Signal done;
        workers.run(Work::network, [&] { done.raise(); });
        ASSERT_TRUE(done.wait());
        while (workers.threads() > 0) std::this_thread::yield();
    }
    EXPECT_EQ(workers.threads(), 0U);
}

TEST(Workers, rest_is_used_before_a_new_thread_is_hired) {
    ThreadWorkers workers;
    for (int i = 0; i < 20; ++i) {
        Signal done;
        workers.run(Work::network, [&] { done.raise(); });
        ASSERT_TRUE(done.wait());
    }
    EXPECT_LT(workers.threads(), 16U);
}

TEST(Workers, finish_what_they_were_given_before_they_end) {
    std::atomic<int> ran = 0;
    {
        ThreadWorkers workers({.network = 2});
        for (int i = 0; i < 200; ++i) workers.run(Work::network, [&] { ++ran; });
    }
    EXPECT_EQ(ran, 200);
}

TEST(Workers, let_a_task_give_more_work) {
    std::atomic<int> ran = 0;
    {
        ThreadWorkers workers({.store = 1});
        workers.run(Work::store, [&] { workers.run(Work::store, [&] { ++ran; }); });
    }
    EXPECT_EQ(ran, 1);
}

TEST(Workers, leave_signals_to_main) {
    Signal done;
    bool blocked = false;
    ThreadWorkers workers;
    workers.run(Work::store, [&] {
        sigset_t mask;
        ::pthread_sigmask(SIG_BLOCK, nullptr, &mask);
        blocked = ::sigismember(&mask, SIGTERM) == 1 && ::sigismember(&mask, SIGINT) == 1;
        done.raise();
    });
    ASSERT_TRUE(done.wait());
    EXPECT_TRUE(blocked);
}

}  // namespace
}  // namespace hearth::system
