#include "core/arena.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace hearth {

Arena& Arena::instance() {
    // Never destroyed: secrets with static storage may outlive any order of destruction.
    // NOLINTNEXTLINE(cppcoreguidelines-owning-memory): so nobody owns it.
    static auto* const arena = new Arena;
    return *arena;
}

void Arena::wipe(char* start, std::size_t size) noexcept {
    if (size == 0) return;
    std::memset(start, 0, size);
    // The compiler must assume that somebody reads what was written.
    __asm__ __volatile__("" : : "r"(start) : "memory");
}

// Cuts a new slab into blocks of one size; returns how many.
std::size_t Arena::carve(std::size_t index) {
    const std::size_t size = sizes.at(index);
    const bool first = free_.at(index).capacity() == 0;
    const Pages slab = map_locked_pages(first ? first_slab_size : slab_size);
    const std::size_t count = slab.size / size;
    // Room for every block that can ever come back, so that giving back never allocates.
    free_.at(index).reserve(free_.at(index).capacity() + count);
    for (std::size_t i = count; i > 0; --i)
        free_.at(index).push_back(slab.start + ((i - 1) * size));
    return count;
}

Arena::Block Arena::take(std::size_t size) {
    const auto fit = std::ranges::lower_bound(sizes, size);
    if (fit == sizes.end()) {
        const Pages pages = map_locked_pages(size);
        return {.start = pages.start, .capacity = pages.size};
    }
    const auto index = static_cast<std::size_t>(fit - sizes.begin());
    const std::scoped_lock lock(mutex_);
    if (free_.at(index).empty()) carve(index);
    char* const start = free_.at(index).back();
    free_.at(index).pop_back();
    return {.start = start, .capacity = *fit};
}

void Arena::give_back(Block block) noexcept {
    if (block.start == nullptr) return;
    wipe(block.start, block.capacity);
    const auto fit = std::ranges::lower_bound(sizes, block.capacity);
    if (fit == sizes.end()) {
        unmap_locked_pages({.start = block.start, .size = block.capacity});
        return;
    }
    const std::scoped_lock lock(mutex_);
    free_.at(static_cast<std::size_t>(fit - sizes.begin())).push_back(block.start);
}

}  // namespace hearth
