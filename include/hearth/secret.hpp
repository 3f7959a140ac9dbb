// A secret is a type: move-only, in locked memory, wiped when dropped, printed as a placeholder.
#pragma once

#include <cstddef>
#include <ostream>
#include <string_view>

namespace hearth {

// Owns the bytes of one secret. The bytes lie in pages that are locked into memory as far as the
// system's limit allows and left out of core dumps, and are overwritten before they are given back.
// Not thread-safe to mutate; safe to read from any thread. Throws std::bad_alloc when memory is
// exhausted, nothing else.
class Secret {
  public:
    Secret() noexcept = default;
    explicit Secret(std::string_view text);
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    // Another owner of the same bytes, made on purpose and never by accident; they are overwritten
    // when the last owner is gone.
    [[nodiscard]] Secret clone() const noexcept;
    // The only way out; every call site is a place to review. Valid while this object lives and is
    // not moved from.
    [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_, size_}; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    friend std::ostream& operator<<(std::ostream& out, const Secret& /*secret*/) {
        return out << "[secret]";
    }

  private:
    friend class SecretBuilder;
    static Secret with_room(std::size_t size);

    char* bytes_ = nullptr;  // Behind the count of owners, in the same block.
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;  // For bytes, not of the block.
};

// Compares in a time that depends on the lengths alone.
bool same_secret(const Secret& left, const Secret& right) noexcept;

// Collects a secret piece by piece (a reply's body, a document) without leaving copies behind.
class SecretBuilder {
  public:
    SecretBuilder& append(std::string_view piece);
    [[nodiscard]] std::size_t size() const noexcept { return secret_.size_; }
    [[nodiscard]] std::string_view reveal() const noexcept { return secret_.reveal(); }
    // Hands over what was collected; the builder is empty afterwards.
    [[nodiscard]] Secret take() noexcept;

  private:
    Secret secret_;
};

}  // namespace hearth
