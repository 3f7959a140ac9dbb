// Where secrets lie: slabs of locked pages cut into blocks of a few sizes.
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <vector>

#include "core/locked_pages.hpp"

namespace hearth {

// Hands out blocks of locked memory; wiped when they come back. Safe from any thread. One per
// process, because the system's limit on locked memory is one per process.
class Arena {
  public:
    static Arena& instance();

    struct Block {
        char* start = nullptr;
        std::size_t capacity = 0;
    };
    // At least `size` bytes, all zero. Throws std::bad_alloc.
    Block take(std::size_t size);
    void give_back(Block block) noexcept;

    // Overwrites in a way the compiler does not remove.
    static void wipe(char* start, std::size_t size) noexcept;

  private:
    static constexpr std::array<std::size_t, 8> sizes{32, 64, 128, 256, 512, 1024, 2048, 4096};
    static constexpr std::size_t slab_size = 64UL * 1024;

    std::size_t carve(std::size_t index);

    std::mutex mutex_;
    std::array<std::vector<char*>, sizes.size()> free_;
};

}  // namespace hearth
