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
    // Close enough that little of a block is left unused; each a multiple of the strictest
    // alignment.
    static constexpr std::array<std::size_t, 16> sizes{
        32, 64, 128, 192, 256, 384, 512, 640, 768, 896, 1152, 1408, 1792, 2304, 3072, 4096};
    // The system limits what may be locked, so a size begins small.
    static constexpr std::size_t first_slab_size = 16UL * 1024;
    static constexpr std::size_t slab_size = 64UL * 1024;

    std::size_t carve(std::size_t index);

    std::mutex mutex_;
    std::array<std::vector<char*>, sizes.size()> free_;
};

}  // namespace hearth
