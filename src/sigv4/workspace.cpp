#include "sigv4/workspace.hpp"

#include <functional>

#include "sigv4/sha256.hpp"

namespace hearth::sigv4 {

Workspace::~Workspace() { wipe(room_.data(), used_); }

void* Workspace::do_allocate(std::size_t size, std::size_t alignment) {
    const auto from = (used_ + alignment - 1) / alignment * alignment;
    if (alignment > alignof(std::max_align_t) || from > room_.size() || size > room_.size() - from)
        return std::pmr::new_delete_resource()->allocate(size, alignment);
    used_ = from + size;
    return room_.data() + from;
}

void Workspace::do_deallocate(void* memory, std::size_t size, std::size_t alignment) {
    if (own(memory)) return;
    wipe(memory, size);
    std::pmr::new_delete_resource()->deallocate(memory, size, alignment);
}

bool Workspace::own(const void* memory) const noexcept {
    const auto* const octet = static_cast<const std::byte*>(memory);
    return !std::less<>()(octet, room_.data()) && std::less<>()(octet, room_.data() + room_.size());
}

}  // namespace hearth::sigv4
