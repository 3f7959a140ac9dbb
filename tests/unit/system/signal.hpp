#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace hearth::testing {

// Something that happens once or more on another thread, and that the test waits for instead of
// sleeping.
class Signal {
  public:
    void raise() {
        const std::scoped_lock lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    // False when it has not happened that often within ten seconds.
    bool wait(int times = 1) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(10), [&] { return count_ >= times; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

}  // namespace hearth::testing
