#pragma once

#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "hearth/error.hpp"

namespace hearth::cli {

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
        if (number_ >= 0) (void)::close(number_);
    }

    [[nodiscard]] int number() const noexcept { return number_; }
    [[nodiscard]] bool open() const noexcept { return number_ >= 0; }

  private:
    int number_ = -1;
};

// "cannot open /path: Permission denied". Call before errno changes.
inline Error system_error(const std::string& doing, int code = errno) {
    return Error{Remedy::failed, "cannot " + doing + ": " + std::generic_category().message(code),
                 ""};
}

}  // namespace hearth::cli
