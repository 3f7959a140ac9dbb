#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "core/settings.hpp"

namespace hearth::load {

// An authorization server's side of the promise: so many a second, and bursts of so many.
class Issuer {
  public:
    // False for a request beyond the limit.
    bool takes(const RateLimit& limit, Span boot) {
        const double passed = std::chrono::duration<double>(boot - filled_at_).count();
        tokens_ =
            std::min(limit.burst, tokens_.value_or(limit.burst) + (passed * limit.per_second));
        filled_at_ = boot;
        if (boot - second_began_ >= std::chrono::seconds(1)) {
            second_began_ = boot;
            this_second_ = 0;
        }
        ++this_second_;
        // Waits are in whole milliseconds.
        if (*tokens_ < 1 - (limit.per_second / 500)) return false;
        *tokens_ -= 1;
        return true;
    }
    [[nodiscard]] std::int64_t this_second() const { return this_second_; }

  private:
    std::optional<double> tokens_;  // The bucket is full at first.
    Span filled_at_{};
    Span second_began_{};
    std::int64_t this_second_ = 0;
};

}  // namespace hearth::load
