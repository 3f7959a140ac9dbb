#include "system/timer_heap.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hearth::system {

// The order wraps around; the difference tells which is older as long as they are less than 2^31
// timers apart.
bool TimerHeap::Entry::before(const Entry& other) const noexcept {
    if (due != other.due) return due < other.due;
    return static_cast<std::int32_t>(order - other.order) < 0;
}

TimerHeap::Place TimerHeap::take_slot() {
    if (free_ == no_slot) {
        if (slots_.size() >= no_slot) throw std::length_error("too many timers");
        slots_.push_back({.task = {}, .position = no_slot, .generation = 1});
        return static_cast<Place>(slots_.size() - 1);
    }
    return std::exchange(free_, slots_[free_].position);
}

TimerHeap::TimerId TimerHeap::add(Span due, Task task) {
    const Place place = take_slot();
    auto& slot = slots_[place];
    slot.task = std::move(task);
    const Entry entry{.due = due, .slot = place, .order = order_++};
    heap_.push_back(entry);
    rise(static_cast<Place>(heap_.size() - 1), entry);
    return (static_cast<TimerId>(slot.generation) << 32U) | place;
}

void TimerHeap::cancel(TimerId id) noexcept {
    const auto place = static_cast<Place>(id);
    const auto generation = static_cast<std::uint32_t>(id >> 32U);
    if (place >= slots_.size() || slots_[place].generation != generation) return;
    // Dropped only when the heap is in order again: the task's destructor may come back here.
    const Task dropped = release(slots_[place].position);
}

std::optional<Span> TimerHeap::earliest() const noexcept {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().due;
}

TimerHeap::Task TimerHeap::take_due(Span now) noexcept {
    if (heap_.empty() || heap_.front().due > now) return {};
    return release(0);
}

// Takes the entry at `position` out of the heap and frees its slot.
TimerHeap::Task TimerHeap::release(Place position) noexcept {
    const Place place = heap_[position].slot;
    auto& slot = slots_[place];
    Task task = std::move(slot.task);
    slot.task = {};
    // Generation 0 would make an id of 0.
    if (++slot.generation == 0) slot.generation = 1;
    slot.position = std::exchange(free_, place);

    const Entry last = heap_.back();
    heap_.pop_back();
    if (position == heap_.size()) return task;
    if (position > 0 && last.before(heap_[(position - 1) / 4])) {
        rise(position, last);
    } else {
        sink(position, last);
    }
    return task;
}

void TimerHeap::put(Place position, const Entry& entry) noexcept {
    heap_[position] = entry;
    slots_[entry.slot].position = position;
}

void TimerHeap::rise(Place position, const Entry& entry) noexcept {
    while (position > 0) {
        const Place above = (position - 1) / 4;
        if (!entry.before(heap_[above])) break;
        put(position, heap_[above]);
        position = above;
    }
    put(position, entry);
}

void TimerHeap::sink(Place position, const Entry& entry) noexcept {
    const auto size = static_cast<Place>(heap_.size());
    while (position < (size + 2) / 4) {
        const Place first = (position * 4) + 1;
        const Place end = std::min(first + 4, size);
        Place least = first;
        for (Place child = first + 1; child < end; ++child) {
            if (heap_[child].before(heap_[least])) least = child;
        }
        if (!heap_[least].before(entry)) break;
        put(position, heap_[least]);
        position = least;
    }
    put(position, entry);
}

}  // namespace hearth::system
