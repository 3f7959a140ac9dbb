#pragma once

#include "oauth/waiter.hpp"

namespace hearth::oauth {

// Blocks the calling thread.
class ThreadWaiter final : public Waiter {
  public:
    bool wait(Span span, std::stop_token stop) override;
};

}  // namespace hearth::oauth
