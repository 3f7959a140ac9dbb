#pragma once

#include <memory>
#include <utility>

namespace hearth {

// Settings that few have: nothing is held while all of them are what they are by default. Read
// through a const path; a path that is not const makes room for them. As safe among threads as a T.
template <class T>
class OnDemand {
  public:
    OnDemand() = default;
    OnDemand(const OnDemand& other)
        : held_(other.held_ ? std::make_unique<T>(*other.held_) : nullptr) {}
    OnDemand(OnDemand&&) noexcept = default;
    OnDemand& operator=(const OnDemand& other) {
        OnDemand copy(other);
        held_ = std::move(copy.held_);
        return *this;
    }
    OnDemand& operator=(OnDemand&&) noexcept = default;
    ~OnDemand() = default;

    const T& operator*() const noexcept { return held_ ? *held_ : untouched(); }
    const T* operator->() const noexcept { return &**this; }
    T& operator*() {
        if (!held_) held_ = std::make_unique<T>();
        return *held_;
    }
    T* operator->() { return &**this; }

    bool operator==(const OnDemand& other) const { return **this == *other; }

  private:
    static const T& untouched() noexcept {
        static const T all_defaults{};
        return all_defaults;
    }

    std::unique_ptr<T> held_;
};

}  // namespace hearth
