#pragma once

#include <map>
#include <string>

#include "core/settings.hpp"
#include "core/time.hpp"

namespace hearth::session {

// A token bucket per issuer (the promise "Bounded"). Not thread-safe.
class RateLimiter {
  public:
    explicit RateLimiter(RateLimit limit) : limit_(limit) {}

    // Takes a place in the issuer's queue and says how long to wait for it; zero is now. `boot`
    // never runs backwards.
    Span reserve(const std::string& issuer, Span boot);
    void set(RateLimit limit) { limit_ = limit; }

  private:
    struct Bucket {
        double tokens = 0;  // Below zero: places given out ahead of time.
        Span filled_at{};
    };
    RateLimit limit_;
    std::map<std::string, Bucket> buckets_;
};

}  // namespace hearth::session
