#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/settings.hpp"
#include "core/time.hpp"

namespace hearth::session {

// A token bucket per issuer (the promise "Bounded"), and who waits for a token. Not thread-safe.
class RateLimiter {
  public:
    using Place = std::uint64_t;

    explicit RateLimiter(RateLimit limit) : limit_(limit) {}

    // Takes the last place in the issuer's queue.
    Place queue(const std::string& issuer) { return buckets_[issuer].next++; }
    // Zero: it is this place's turn now, and the place is used up. Else how long until it is worth
    // asking again; then it may still be too early, because time that was slept away lets nobody
    // catch up. `boot` never runs backwards.
    Span wait(const std::string& issuer, Place place, Span boot);
    void set(RateLimit limit) { limit_ = limit; }

  private:
    struct Bucket {
        double tokens = -1;  // Below zero: never filled.
        Span filled_at{};
        Place next = 0;
        Place served = 0;  // How many were let go.
    };
    RateLimit limit_;
    std::map<std::string, Bucket> buckets_;
};

}  // namespace hearth::session
