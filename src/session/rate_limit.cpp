#include "session/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace hearth::session {

Span RateLimiter::reserve(const std::string& issuer, Span boot) {
    const auto [found, fresh] = buckets_.try_emplace(issuer, Bucket{limit_.burst, boot});
    auto& bucket = found->second;
    const double passed = std::chrono::duration<double>(boot - bucket.filled_at).count();
    bucket.tokens = std::min(limit_.burst, bucket.tokens + (passed * limit_.per_second)) - 1;
    bucket.filled_at = boot;
    if (bucket.tokens >= 0) return Span{};
    return Span(static_cast<Span::rep>(std::ceil(-bucket.tokens / limit_.per_second * 1000)));
}

}  // namespace hearth::session
