#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace hearth {

// Port: unpredictable bytes from the system. Safe from any thread.
class Random {
  public:
    virtual ~Random() = default;
    virtual void fill(std::span<std::byte> bytes) = 0;

    // `count` random bytes in lower-case hexadecimal.
    std::string hex(std::size_t count);
    // Uniform in [0, 1).
    double fraction();
};

}  // namespace hearth
