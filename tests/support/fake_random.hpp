#pragma once

#include <random>

#include "core/random.hpp"

namespace hearth::testing {

// The same bytes in every run. Not thread-safe.
class FakeRandom : public Random {
  public:
    explicit FakeRandom(std::uint64_t seed = 1) : engine_(seed) {}
    void fill(std::span<std::byte> bytes) override {
        for (auto& byte : bytes) byte = static_cast<std::byte>(engine_() & 0xFFU);
    }

  private:
    std::mt19937_64 engine_;
};

}  // namespace hearth::testing
