// Virtual time: what is to happen, in order. What happens at the same instant happens in an order
// that the dice decide.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/time.hpp"
#include "simulation/dice.hpp"

namespace hearth::simulation {

class Timeline {
  public:
    using Task = std::move_only_function<void()>;

    explicit Timeline(Dice& dice) noexcept : dice_(dice) {}

    // Since the world began.
    [[nodiscard]] Span now() const noexcept { return now_; }
    void at(Span when, Task task);
    void in(Span span, Task task) { at(now_ + span, std::move(task)); }
    // Lets time pass to what is next, and does it; false when nothing is left.
    bool step();
    [[nodiscard]] std::uint64_t steps() const noexcept { return steps_; }

  private:
    struct Entry {
        Span when{};
        std::uint64_t lot = 0;
        std::uint64_t number = 0;
        Task task;
    };
    static bool later(const Entry& left, const Entry& right) noexcept;

    Dice& dice_;
    Span now_{};
    std::uint64_t steps_ = 0;
    std::uint64_t next_ = 0;
    std::vector<Entry> heap_;
};

}  // namespace hearth::simulation
