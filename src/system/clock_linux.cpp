#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <string_view>

#include "core/descriptor.hpp"
#include "system/clock.hpp"

namespace hearth::system {
namespace {

Span read_clock(clockid_t clock) noexcept {
    timespec time{};
    (void)::clock_gettime(clock, &time);
    return std::chrono::duration_cast<Span>(std::chrono::seconds(time.tv_sec) +
                                            std::chrono::nanoseconds(time.tv_nsec));
}

BootId read_boot_id() {
    const Descriptor file(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
    std::array<char, 64> text{};
    const auto size = file.open() ? ::read(file.number(), text.data(), text.size()) : -1;
    if (size <= 0) return {};
    std::string_view id(text.data(), static_cast<std::size_t>(size));
    if (id.ends_with('\n')) id.remove_suffix(1);
    return BootId::parse(id).value_or(BootId{});
}

}  // namespace

Span boot_time() noexcept { return read_clock(CLOCK_BOOTTIME); }

SystemClock::SystemClock() : boot_id_(read_boot_id()) {}

Moment SystemClock::now() const {
    return {.wall = Instant(read_clock(CLOCK_REALTIME)), .boot = boot_time(), .boot_id = boot_id_};
}

}  // namespace hearth::system
