// What readers on other threads see of a profile: the newest credential, and until when it may be
// taken without asking.
#pragma once

#include <atomic>
#include <mutex>

#include "core/time.hpp"
#include "hearth/credential.hpp"

namespace hearth::session {

// Written by the loop, read by any thread.
class Publication {
  public:
    struct View {
        CredentialPtr credential;
        std::uint64_t generation = 0;
        // Warm until then: on the boot-time clock, or for what the wall clock decides, on that;
        // both hold.
        Span warm_until_boot = Span::max();
        Instant warm_until_wall = Instant::max();
    };

    // Changes with every publication; readers compare it with the one of the view they hold.
    [[nodiscard]] std::uint64_t generation() const noexcept {
        return generation_.load(std::memory_order_acquire);
    }
    [[nodiscard]] View view() const {
        const std::scoped_lock lock(mutex_);
        return view_;
    }
    void publish(View view) {
        const std::scoped_lock lock(mutex_);
        view.generation = generation_.load(std::memory_order_relaxed) + 1;
        view_ = std::move(view);
        generation_.store(view_.generation, std::memory_order_release);
    }

  private:
    std::atomic<std::uint64_t> generation_{0};
    mutable std::mutex mutex_;
    View view_;
};

}  // namespace hearth::session
