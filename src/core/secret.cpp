#include "hearth/secret.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/arena.hpp"

namespace hearth {

Secret::Secret(std::string_view text) {
    if (text.empty()) return;
    const auto block = Arena::instance().take(text.size());
    bytes_ = block.start;
    capacity_ = block.capacity;
    size_ = text.size();
    std::memcpy(bytes_, text.data(), text.size());
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        Secret old(std::move(*this));
        bytes_ = std::exchange(other.bytes_, nullptr);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
    }
    return *this;
}

Secret::~Secret() { Arena::instance().give_back({.start = bytes_, .capacity = capacity_}); }

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
        const auto block = Arena::instance().take(std::max(size, secret_.capacity_ * 2));
        if (secret_.size_ > 0) std::memcpy(block.start, secret_.bytes_, secret_.size_);
        const std::size_t kept = secret_.size_;
        secret_ = Secret();
        secret_.bytes_ = block.start;
        secret_.capacity_ = block.capacity;
        secret_.size_ = kept;
    }
    if (!piece.empty()) std::memcpy(secret_.bytes_ + secret_.size_, piece.data(), piece.size());
    secret_.size_ = size;
    return *this;
}

Secret SecretBuilder::take() noexcept { return std::exchange(secret_, Secret()); }

}  // namespace hearth
