#include <algorithm>

#include "simulation/promises.hpp"

namespace hearth::simulation {

void Bounded::limit(int process, const RateLimit& limit) {
    const auto now = witness_.scene.timeline.now();
    buckets_[process] = {.limit = limit, .tokens = limit.burst, .filled_at = now};
}

void Bounded::sending(const std::string& who, int process) {
    auto& bucket = buckets_.at(process);
    const Span now = witness_.scene.timeline.now();
    const double passed = std::chrono::duration<double>(now - bucket.filled_at).count();
    bucket.tokens =
        std::min(bucket.limit.burst, bucket.tokens + (passed * bucket.limit.per_second)) - 1;
    bucket.filled_at = now;
    // A request leaves a little later than it was let go: one may have caught up with another.
    if (bucket.tokens < -1.01)
        witness_.scene.broken("bounded", who, " sends more than ", bucket.limit.per_second,
                              " requests a second beyond ", bucket.limit.burst);
}

}  // namespace hearth::simulation
