#pragma once

#include <functional>
#include <vector>

#include "oauth/waiter.hpp"
#include "support/fake_clock.hpp"

namespace hearth::testing {

// Waits by moving the clock, and remembers how long.
class FakeWaiter : public oauth::Waiter {
  public:
    explicit FakeWaiter(FakeClock& clock) : clock_(clock) {}
    bool wait(Span span, std::stop_token stop) override {
        waits.push_back(span);
        clock_.advance(span);
        if (on_wait) on_wait();
        return !stop.stop_requested();
    }

    std::vector<Span> waits;
    std::function<void()> on_wait;

  private:
    FakeClock& clock_;
};

}  // namespace hearth::testing
