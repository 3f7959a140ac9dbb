#pragma once

#include "core/clock.hpp"

namespace hearth::system {

// The machine's own clocks. Without a readable boot id the moments have none, and the wall clock
// decides.
class SystemClock : public Clock {
  public:
    SystemClock();
    [[nodiscard]] Moment now() const override;

  private:
    BootId boot_id_;
};

// The clock that counts through suspend and that nobody sets.
Span boot_time() noexcept;

}  // namespace hearth::system
