#pragma once

#include "core/random.hpp"

namespace hearth::system {

// The kernel's generator. Throws std::system_error where the system has none.
class SystemRandom : public Random {
  public:
    void fill(std::span<std::byte> bytes) override;
};

}  // namespace hearth::system
