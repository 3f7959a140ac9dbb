#pragma once

#include <functional>

#include "agent/socket_loop.hpp"

namespace hearth::agent {

// SIGTERM and SIGINT as something that the loop reads. Make it before any thread: they are blocked
// from here on, in this thread and in those it starts.
class Signals : private SocketLoop::Watcher {
  public:
    Signals();
    void watch(SocketLoop& loop, std::function<void()> on_signal);

  private:
    void ready(Ready what) override;

    Descriptor descriptor_;
    std::function<void()> on_signal_;
};

}  // namespace hearth::agent
