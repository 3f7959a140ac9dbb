#include <sys/mman.h>
#include <unistd.h>

#include <limits>
#include <new>

#include "core/locked_pages.hpp"

namespace hearth {

Pages map_locked_pages(std::size_t size) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    if (size > std::numeric_limits<std::size_t>::max() - page) throw std::bad_alloc();
    const std::size_t rounded = (size + page - 1) / page * page;
    void* const start =
        ::mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) throw std::bad_alloc();
    // Each as far as the system allows: RLIMIT_MEMLOCK may be small, and a secret in a page that
    // can be swapped is better than no program. MLOCK_ONFAULT leaves pages that nobody has touched
    // unallocated.
    (void)::mlock2(start, rounded, MLOCK_ONFAULT);
    (void)::madvise(start, rounded, MADV_DONTDUMP);
    (void)::madvise(start, rounded, MADV_WIPEONFORK);
    return {.start = static_cast<char*>(start), .size = rounded};
}

void unmap_locked_pages(Pages pages) noexcept {
    if (pages.start != nullptr) (void)::munmap(pages.start, pages.size);
}

}  // namespace hearth
