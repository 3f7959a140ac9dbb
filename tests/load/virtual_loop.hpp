#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>

#include "session/loop.hpp"
#include "support/fake_clock.hpp"
#include "system/timer_heap.hpp"

namespace hearth::load {

// The loop and its workers in one thread; time passes from event to event, and a request on the
// network takes a while.
class VirtualLoop : public session::Loop, public session::Workers {
  public:
    explicit VirtualLoop(testing::FakeClock& clock) : clock_(clock) {}

    void post(Task task) override { tasks_.push_back(std::move(task)); }
    TimerId at(Span boot, Task task) override { return timers_.add(boot, std::move(task)); }
    void cancel(TimerId timer) override { timers_.cancel(timer); }
    void run(session::Work kind, Task task) override {
        if (kind != session::Work::network) return post(std::move(task));
        timers_.add(clock_.now().boot + std::chrono::milliseconds(50), std::move(task));
    }

    void run_until(Span boot) {
        while (true) {
            run_tasks();
            const auto next = timers_.earliest();
            if (!next || *next > boot) break;
            clock_.advance(std::max(*next - clock_.now().boot, Span{}));
            while (auto task = timers_.take_due(clock_.now().boot)) task();
        }
        clock_.advance(boot - clock_.now().boot);
    }

  private:
    void run_tasks() {
        while (!tasks_.empty()) {
            auto task = std::move(tasks_.front());
            tasks_.pop_front();
            task();
        }
    }

    testing::FakeClock& clock_;
    std::deque<Task> tasks_;
    system::TimerHeap timers_;
};

}  // namespace hearth::load
