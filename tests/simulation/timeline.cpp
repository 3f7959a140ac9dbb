#include "simulation/timeline.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace hearth::simulation {

bool Timeline::later(const Entry& left, const Entry& right) noexcept {
    return std::tie(left.when, left.lot, left.number) >
           std::tie(right.when, right.lot, right.number);
}

void Timeline::at(Span when, Task task) {
    heap_.push_back({std::max(when, now_), dice_.bits() & 0xFFU, next_++, std::move(task)});
    std::ranges::push_heap(heap_, later);
}

bool Timeline::step() {
    if (heap_.empty()) return false;
    std::ranges::pop_heap(heap_, later);
    auto entry = std::move(heap_.back());
    heap_.pop_back();
    now_ = entry.when;
    ++steps_;
    entry.task();
    return true;
}

}  // namespace hearth::simulation
