#include "hearth/secret.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <utility>

#include "core/arena.hpp"

namespace hearth {
namespace {

// Stands before the bytes; the rest keeps them aligned.
constexpr std::size_t count_size = 8;

std::atomic_ref<std::uint32_t> owners(char* bytes) noexcept {
    return std::atomic_ref(*reinterpret_cast<std::uint32_t*>(bytes - count_size));
}

}  // namespace

Secret Secret::with_room(std::size_t size) {
    const auto block = Arena::instance().take(size + count_size);
    Secret secret;
    secret.bytes_ = block.start + count_size;
    secret.capacity_ = block.capacity - count_size;
    owners(secret.bytes_).store(1, std::memory_order_relaxed);
    return secret;
}

Secret::Secret(std::string_view text) {
    if (text.empty()) return;
    *this = with_room(text.size());
    size_ = text.size();
    std::memcpy(bytes_, text.data(), text.size());
}

Secret Secret::clone() const noexcept {
    Secret other;
    if (bytes_ == nullptr) return other;
    owners(bytes_).fetch_add(1, std::memory_order_relaxed);
    other.bytes_ = bytes_;
    other.size_ = size_;
    other.capacity_ = capacity_;
    return other;
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        const Secret old(std::move(*this));
        bytes_ = std::exchange(other.bytes_, nullptr);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
    }
    return *this;
}

Secret::~Secret() {
    if (bytes_ == nullptr || owners(bytes_).fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    Arena::instance().give_back({.start = bytes_ - count_size, .capacity = capacity_ + count_size});
}

bool same_secret(const Secret& left, const Secret& right) noexcept {
    const auto a = left.reveal();
    const auto b = right.reveal();
    if (a.size() != b.size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    }
    return difference == 0;
}

SecretBuilder& SecretBuilder::append(std::string_view piece) {
    const std::size_t size = secret_.size_ + piece.size();
    if (size > secret_.capacity_) {
        auto larger = Secret::with_room(std::max(size, secret_.capacity_ * 2));
        if (secret_.size_ > 0) std::memcpy(larger.bytes_, secret_.bytes_, secret_.size_);
        larger.size_ = secret_.size_;
        secret_ = std::move(larger);
    }
    if (!piece.empty()) std::memcpy(secret_.bytes_ + secret_.size_, piece.data(), piece.size());
    secret_.size_ = size;
    return *this;
}

Secret SecretBuilder::take() noexcept { return std::exchange(secret_, Secret()); }

}  // namespace hearth
