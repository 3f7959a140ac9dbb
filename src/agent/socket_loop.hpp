#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "core/descriptor.hpp"
#include "session/loop.hpp"
#include "system/timer_heap.hpp"

namespace hearth::agent {

// The agent's loop: tasks, timers and descriptors on one epoll, because a request is answered in
// fewer system calls than a general loop needs to begin to wait.
class SocketLoop : public session::Loop {
  public:
    // What is told that a descriptor is ready.
    class Watcher {
      public:
        virtual ~Watcher() = default;
        // `gone`: the other end is closed, or broken. Told again and again until it is read,
        // written or let go.
        struct Ready {
            bool readable = false;
            bool writable = false;
            bool gone = false;
        };
        virtual void ready(Ready what) = 0;
    };
    enum class Interest : std::uint8_t { none, read, write, both };

    // Throws std::system_error when the system gives no descriptors.
    SocketLoop();

    // Runs until `stop`; the tasks that were posted before it still run.
    void run();
    void stop() noexcept { stopped_ = true; }

    void post(Task task) override;
    TimerId at(Span boot, Task task) override;
    void cancel(TimerId timer) override;

    // Loop thread only. A watcher must live until the tasks that are posted when it was let go have
    // run. False when the system refuses.
    [[nodiscard]] bool watch(int descriptor, Interest interest, Watcher& watcher);
    void change(int descriptor, Interest interest, Watcher& watcher);
    // Before the descriptor is closed: closing ends the watch by itself only where no other process
    // has a copy, and one that was forked has one for a moment.
    void forget(int descriptor) noexcept;

  private:
    void run_tasks();
    void run_timers();
    void arm();

    Descriptor epoll_;
    Descriptor wake_;
    Descriptor timer_;
    std::mutex mutex_;  // Of the two below.
    std::vector<Task> tasks_;
    bool asleep_ = false;
    system::TimerHeap timers_;
    std::optional<Span> armed_;
    bool stopped_ = false;
};

}  // namespace hearth::agent
