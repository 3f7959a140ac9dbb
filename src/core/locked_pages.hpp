#pragma once

#include <cstddef>

namespace hearth {

// Port at link time: whole pages that are locked into memory as far as the system's limit allows,
// left out of core dumps, and empty in a forked child. Throws std::bad_alloc.
struct Pages {
    char* start = nullptr;
    std::size_t size = 0;
};

Pages map_locked_pages(std::size_t size);
void unmap_locked_pages(Pages pages) noexcept;

}  // namespace hearth
