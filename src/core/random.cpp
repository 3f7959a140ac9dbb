#include "core/random.hpp"

#include <cstdint>
#include <vector>

namespace hearth {

std::string Random::hex(std::size_t count) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::vector<std::byte> bytes(count);
    fill(bytes);
    std::string text;
    text.reserve(count * 2);
    for (const auto byte : bytes) {
        text += digits[std::to_integer<unsigned>(byte) >> 4U];
        text += digits[std::to_integer<unsigned>(byte) & 15U];
    }
    return text;
}

double Random::fraction() {
    std::uint64_t bits = 0;
    fill(std::as_writable_bytes(std::span(&bits, 1)));
    return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

}  // namespace hearth
