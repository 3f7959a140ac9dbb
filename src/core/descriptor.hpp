#pragma once

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "hearth/error.hpp"

namespace hearth {

// Port at link time.
void close_descriptor(int number) noexcept;

// Owns a file descriptor.
class Descriptor {
  public:
    Descriptor() noexcept = default;
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        const Descriptor old(std::exchange(number_, std::exchange(other.number_, -1)));
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) close_descriptor(number_);
    }

    [[nodiscard]] int number() const noexcept { return number_; }
    // Gives the descriptor away, unclosed.
    [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }
    [[nodiscard]] bool open() const noexcept { return number_ >= 0; }

  private:
    int number_ = -1;
};

// "cannot open /path: Permission denied". Call before errno changes.
inline Error system_error(const std::string& doing, int code = errno) {
    return Error{Remedy::failed, "cannot " + doing + ": " + std::generic_category().message(code),
                 ""};
}

}  // namespace hearth
