#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "library/warm_view.hpp"

namespace hearth::library {
namespace {

// The real clock is read in whole seconds, so it may seem to move by one against the other.
constexpr std::int64_t tolerance = 2;

struct Coarse {
    std::int64_t seconds;   // Monotonic.
    std::int64_t distance;  // From there to the real clock.
};

Coarse coarse() noexcept {
    timespec now{};
    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return {now.tv_sec, time(nullptr) - now.tv_sec};
}

}  // namespace

const Credential* WarmView::get() noexcept {
    if (publication_->generation() == seen_) [[likely]] {
        const auto now = coarse();
        const auto moved = now.distance - distance_;
        if (now.seconds < warm_until_ && moved < tolerance && moved > -tolerance) [[likely]]
            return view_.credential.get();
    }
    return look_closer();
}

const Credential* WarmView::look_closer() noexcept {
    if (publication_->generation() != seen_) {
        view_ = publication_->view();
        seen_ = view_.generation;
    }
    const auto now = clock_.now();
    const auto at = coarse();
    distance_ = at.distance;
    // A year ahead at most, so that nothing overflows.
    const Span spare = std::min<Span>(
        {view_.warm_until_boot == Span::max() ? Span::max() : view_.warm_until_boot - now.boot,
         view_.warm_until_wall == Instant::max() ? Span::max() : view_.warm_until_wall - now.wall,
         std::chrono::hours(24 * 365)});
    const bool warm =
        view_.credential != nullptr && view_.warm_until_boot != Span::min() && spare > Span{};
    // What the tolerance forgives is taken off, so that no sleep however short makes an expired
    // credential warm.
    warm_until_ =
        warm ? at.seconds + std::chrono::floor<std::chrono::seconds>(spare).count() - tolerance
             : INT64_MIN;
    return warm ? view_.credential.get() : nullptr;
}

}  // namespace hearth::library
