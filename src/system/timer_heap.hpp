#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "session/loop.hpp"

namespace hearth::system {

// Timers by due time; those of the same time in the order they were added. A million of them cost
// 24 bytes each beside the task. Not thread-safe.
class TimerHeap {
  public:
    using Task = session::Loop::Task;
    using TimerId = session::Loop::TimerId;

    // Ids are never 0 and are not used again soon.
    TimerId add(Span due, Task task);
    // An id that has run or was cancelled is ignored.
    void cancel(TimerId id) noexcept;
    [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
    // Absent when there is no timer.
    [[nodiscard]] std::optional<Span> earliest() const noexcept;
    // Takes out the first timer that is due at `now`; empty when none is.
    Task take_due(Span now) noexcept;

  private:
    using Place = std::uint32_t;
    struct Entry {
        Span due;
        Place slot;
        std::uint32_t order;
        [[nodiscard]] bool before(const Entry& other) const noexcept;
    };
    // In use it knows where in the heap its entry is; free it knows the next free slot.
    struct Slot {
        Task task;
        Place position;
        std::uint32_t generation;
    };
    static constexpr Place no_slot = ~Place{0};

    Place take_slot();
    Task release(Place position) noexcept;
    void put(Place position, const Entry& entry) noexcept;
    void rise(Place position, const Entry& entry) noexcept;
    void sink(Place position, const Entry& entry) noexcept;

    std::vector<Entry> heap_;  // Four children each: half the depth, and they share a cache line.
    std::vector<Slot> slots_;
    Place free_ = no_slot;
    std::uint32_t order_ = 0;
};

}  // namespace hearth::system
