// A task with a stack of its own in the one thread of a simulation: what blocks in the product
// rests here, and others run meanwhile.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace hearth::simulation {

// Stacks for fibers, used again and again. Outlives every fiber.
class Stacks {
  public:
    static constexpr std::size_t size = 256UL * 1024;

    Stacks() = default;
    Stacks(const Stacks&) = delete;
    Stacks& operator=(const Stacks&) = delete;
    ~Stacks();
    char* take();
    void give_back(char* stack);

  private:
    std::vector<char*> free_;
};

class Fiber {
  public:
    Fiber(Stacks& stacks, std::move_only_function<void()> run);
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;
    // Unwinds what has not ended.
    ~Fiber();

    // From outside: runs until it rests or ends.
    void resume();
    // From inside: gives way until somebody resumes it. Does not return when the fiber is unwound.
    void rest();
    [[nodiscard]] bool done() const noexcept;

    // What `rest` throws when the fiber is unwound; nothing in the product catches it.
    struct Unwound {};

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hearth::simulation
