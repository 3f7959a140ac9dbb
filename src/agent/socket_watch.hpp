#pragma once

#include <functional>

#include "agent/socket_loop.hpp"
#include "core/places.hpp"

namespace hearth::agent {

// Notices that the agent's socket was taken away, alone or with its folder. Loop thread only.
class SocketWatch : private SocketLoop::Watcher {
  public:
    SocketWatch(SocketLoop& loop, const Places& places) : loop_(loop), places_(places) {}

    // From now on `on_gone` is called once the socket that is bound now is no longer at its path.
    // Without the system's help (no descriptors, no watches left) it is never called.
    void begin(std::function<void()> on_gone);

  private:
    void ready(Ready what) override;
    [[nodiscard]] bool still_there() const;

    SocketLoop& loop_;
    const Places& places_;
    std::function<void()> on_gone_;
    Descriptor events_;
    std::uint64_t device_ = 0;
    std::uint64_t inode_ = 0;
};

}  // namespace hearth::agent
