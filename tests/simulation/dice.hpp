// Every choice of a simulated world comes from its seed, by arithmetic of our own: the standard
// library's distributions differ from one library to the next.
#pragma once

#include <cstdint>

#include "core/random.hpp"
#include "core/time.hpp"

namespace hearth::simulation {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) noexcept : state_(seed) {}

    // SplitMix64 (Steele, Lea, Flood, 2014).
    std::uint64_t bits() noexcept {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }
    // In [0, count); count is not 0.
    std::uint64_t below(std::uint64_t count) noexcept { return bits() % count; }
    // In [low, high].
    Span between(Span low, Span high) noexcept {
        return low + Span(static_cast<Span::rep>(
                         below(static_cast<std::uint64_t>((high - low).count() + 1))));
    }
    bool chance(double probability) noexcept {
        return probability > 0 && static_cast<double>(bits() >> 11U) * 0x1.0p-53 < probability;
    }
    template <class List>
    const auto& pick(const List& list) noexcept {
        return list[below(list.size())];
    }

  private:
    std::uint64_t state_;
};

// What a process draws from; a stream of its own.
class SeededRandom final : public Random {
  public:
    explicit SeededRandom(std::uint64_t seed) noexcept : dice_(seed) {}
    void fill(std::span<std::byte> bytes) override {
        for (auto& byte : bytes) byte = static_cast<std::byte>(dice_.bits() & 0xFFU);
    }

  private:
    Dice dice_;
};

}  // namespace hearth::simulation
