#pragma once

#include <array>
#include <cstddef>
#include <memory_resource>

namespace hearth::sigv4 {

// NOLINTBEGIN(cppcoreguidelines-pro-type-member-init): nobody reads of room_ what nobody wrote.

// Memory for the length of one call: its own first, the heap's when that is used up. Wiped when it
// is given back, because a presigned query holds the session token.
class Workspace : public std::pmr::memory_resource {
  public:
    Workspace() noexcept = default;
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;
    ~Workspace() override;

  private:
    void* do_allocate(std::size_t size, std::size_t alignment) override;
    void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override;
    [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override {
        return this == &other;
    }
    [[nodiscard]] bool own(const void* memory) const noexcept;

    std::size_t used_ = 0;
    alignas(std::max_align_t) std::array<std::byte, 4096> room_;
};

// NOLINTEND(cppcoreguidelines-pro-type-member-init)

}  // namespace hearth::sigv4
