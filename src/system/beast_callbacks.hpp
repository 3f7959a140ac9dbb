#pragma once

#include "oauth/callback.hpp"

namespace hearth::system {

// Each listener has a thread and a loop of its own. A connection carries one request of at most 16
// KiB of headers and 1 KiB of body, within 5 seconds; 32 are open at once and the others wait. A
// reply under way when the listener is destroyed still gets a second to reach the browser.
class BeastCallbacks : public oauth::Callbacks {
  public:
    Result<std::unique_ptr<oauth::CallbackListener>> listen(
        std::uint16_t port,
        std::function<oauth::CallbackReply(const oauth::CallbackRequest&)> handle) override;
};

}  // namespace hearth::system
