#pragma once

#include "core/clock.hpp"

namespace hearth::testing {

// A clock that stands still until it is told otherwise. Not thread-safe.
class FakeClock : public Clock {
  public:
    FakeClock() {
        moment_.wall = Instant(std::chrono::seconds(1'800'000'000));
        moment_.boot = std::chrono::hours(1);
        moment_.boot_id.bytes.fill(7);
    }
    [[nodiscard]] Moment now() const override { return moment_; }

    // Time passes, awake or suspended: both clocks move.
    void advance(Span span) {
        moment_.wall += span;
        moment_.boot += span;
    }
    // Somebody sets the wall clock.
    void step_wall(Span span) { moment_.wall += span; }
    void reboot() {
        moment_.boot = {};
        ++moment_.boot_id.bytes[0];
    }

  private:
    Moment moment_;
};

}  // namespace hearth::testing
