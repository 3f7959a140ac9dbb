#include "session/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace hearth::session {

namespace {

constexpr double rounding = 1e-6;  // Of a token that has come in small parts.

}  // namespace

Span RateLimiter::wait(const std::string& issuer, Place place, Span boot) {
    auto& bucket = buckets_[issuer];
    const double passed = std::chrono::duration<double>(boot - bucket.filled_at).count();
    bucket.tokens = bucket.tokens < 0
                        ? limit_.burst
                        : std::min(limit_.burst, bucket.tokens + (passed * limit_.per_second));
    bucket.filled_at = boot;
    const Place ahead = place - std::min(place, bucket.served);
    const double missing = 1 + static_cast<double>(ahead) - bucket.tokens;
    if (missing <= rounding) {
        bucket.tokens = std::max(0.0, bucket.tokens - 1);
        ++bucket.served;
        return Span{};
    }
    return Span(static_cast<Span::rep>(std::ceil(missing / limit_.per_second * 1000)));
}

}  // namespace hearth::session
