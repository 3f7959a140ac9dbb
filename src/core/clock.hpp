#pragma once

#include "core/time.hpp"

namespace hearth {

// Port: the machine's clocks. Safe from any thread.
class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Moment now() const = 0;
};

}  // namespace hearth
