#pragma once

#include <stop_token>

#include "core/time.hpp"

namespace hearth::oauth {

// Port: waiting that can be called off. Safe from any thread.
class Waiter {
  public:
    virtual ~Waiter() = default;
    // True when the whole span has passed, false as soon as a stop is requested.
    virtual bool wait(Span span, std::stop_token stop) = 0;
};

}  // namespace hearth::oauth
