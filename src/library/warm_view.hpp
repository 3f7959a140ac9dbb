// The hot path of a Reader: is the credential at hand still good, by two clocks that cost almost
// nothing to read?
#pragma once

#include <cstdint>
#include <memory>

#include "core/clock.hpp"
#include "session/publication.hpp"

namespace hearth::library {

// The coarse clocks do not count suspend (monotonic) or can be set (real), but no suspend and no
// setting moves both by the same amount. While their distance stays what it was, the monotonic one
// can be believed; else the boot-time clock is asked, which costs six times as much. One per
// thread.
class WarmView {
  public:
    WarmView(std::shared_ptr<const session::Publication> publication, const Clock& clock)
        : publication_(std::move(publication)), clock_(clock) {}

    // Null when the credential has to be asked for.
    [[nodiscard]] const Credential* get() noexcept;

  private:
    const Credential* look_closer() noexcept;

    std::shared_ptr<const session::Publication> publication_;
    const Clock& clock_;
    session::Publication::View view_;
    std::uint64_t seen_ = 0;               // The publication that view_ is of.
    std::int64_t warm_until_ = INT64_MIN;  // On the coarse monotonic clock, seconds.
    std::int64_t distance_ = 0;            // From there to the real clock, seconds.
};

}  // namespace hearth::library
