#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hearth::cli {

// What a symbol carries: its version (1 to 10), and data with error correction in the order of
// drawing.
struct QrCodewords {
    std::size_t version = 1;
    std::vector<std::uint8_t> bytes;
};

// Nothing for a text that is too long.
std::optional<QrCodewords> qr_codewords(std::string_view text);

}  // namespace hearth::cli
