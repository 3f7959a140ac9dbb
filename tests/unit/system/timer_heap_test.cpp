#include "system/timer_heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>
#include <vector>

namespace hearth::system {
namespace {

// Timers that write down which of them ran.
class Timers : public ::testing::Test {
  protected:
    TimerHeap::TimerId add(int due, int number) {
        return heap.add(Span(due), [this, number] { ran.push_back(number); });
    }
    void run_until(int now) {
        while (auto task = heap.take_due(Span(now))) task();
    }

    TimerHeap heap;
    std::vector<int> ran;
};

TEST_F(Timers, run_in_the_order_of_their_time) {
    for (const int due : {5, 3, 9, 1, 7}) add(due, due);
    run_until(7);
    EXPECT_EQ(ran, (std::vector{1, 3, 5, 7}));
    EXPECT_EQ(heap.earliest(), Span(9));
}

TEST_F(Timers, of_one_time_run_as_they_were_added) {
    for (int i = 0; i < 100; ++i) add(4, i);
    run_until(4);
    EXPECT_TRUE(std::ranges::is_sorted(ran));
    EXPECT_EQ(ran.size(), 100U);
}

TEST_F(Timers, that_are_cancelled_do_not_run) {
    const auto gone = add(1, 1);
    add(2, 2);
    heap.cancel(gone);
    EXPECT_EQ(heap.earliest(), Span(2));
    run_until(10);
    EXPECT_EQ(ran, std::vector{2});
}

TEST_F(Timers, have_ids_that_outlive_them_harmlessly) {
    const auto first = add(1, 1);
    run_until(1);
    const auto second = add(2, 2);
    EXPECT_NE(first, 0U);
    EXPECT_NE(first, second);
    heap.cancel(first);
    heap.cancel(0);
    heap.cancel(~0ULL);
    run_until(2);
    EXPECT_EQ(ran, (std::vector{1, 2}));
}

TEST_F(Timers, let_go_of_what_a_cancelled_task_holds) {
    auto held = std::make_shared<int>(1);
    const auto id = heap.add(Span(1), [held] {});
    EXPECT_EQ(held.use_count(), 2);
    heap.cancel(id);
    EXPECT_EQ(held.use_count(), 1);
}

TEST_F(Timers, may_be_added_and_cancelled_by_a_task_that_is_dropped) {
    struct Adds {
        TimerHeap* heap;
        std::vector<int>* ran;
        ~Adds() {
            heap->add(Span(1), [to = ran] { to->push_back(9); });
        }
    };
    const auto id = heap.add(Span(1), [adds = std::make_unique<Adds>(&heap, &ran)] {});
    heap.cancel(id);
    run_until(1);
    EXPECT_EQ(ran, std::vector{9});
}

// Against a sorted list, with additions, cancellations and the passing of time in random order.
TEST_F(Timers, agree_with_a_sorted_list_over_a_long_random_run) {
    std::mt19937 random(20);
    struct Known {
        int due;
        int number;
        TimerHeap::TimerId id;
    };
    std::vector<Known> known;
    std::vector<int> expected;
    int now = 0;
    for (int number = 0; number < 20'000; ++number) {
        const int due = now + static_cast<int>(random() % 500);
        known.push_back({due, number, add(due, number)});
        if (random() % 3 == 0) {
            const auto victim =
                known.begin() + static_cast<std::ptrdiff_t>(random() % known.size());
            heap.cancel(victim->id);
            known.erase(victim);
        }
        if (random() % 50 != 0) continue;
        now += static_cast<int>(random() % 100);
        std::ranges::sort(known, {},
                          [](const Known& one) { return std::pair(one.due, one.number); });
        const auto rest =
            std::ranges::find_if(known, [&](const Known& one) { return one.due > now; });
        for (auto one = known.begin(); one != rest; ++one) expected.push_back(one->number);
        known.erase(known.begin(), rest);
        run_until(now);
        ASSERT_EQ(ran, expected);
        std::ranges::sort(known, {}, &Known::number);
    }
    EXPECT_GT(ran.size(), 5'000U);
}

}  // namespace
}  // namespace hearth::system
