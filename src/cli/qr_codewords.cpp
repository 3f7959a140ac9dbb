#include "cli/qr_codewords.hpp"

#include <array>

namespace hearth::cli {
namespace {

using Bytes = std::vector<std::uint8_t>;

// ISO/IEC 18004 table 9, level L.
struct Capacity {
    std::size_t total;       // Codewords of the symbol.
    std::size_t correction;  // Of these, for error correction, in each block.
    std::size_t blocks;
    [[nodiscard]] constexpr std::size_t data() const noexcept {
        return total - (correction * blocks);
    }
};
constexpr std::array capacities{
    Capacity{26, 7, 1},   Capacity{44, 10, 1},  Capacity{70, 15, 1},  Capacity{100, 20, 1},
    Capacity{134, 26, 1}, Capacity{172, 18, 2}, Capacity{196, 20, 2}, Capacity{242, 24, 2},
    Capacity{292, 30, 2}, Capacity{346, 18, 4},
};

// The field of 256 elements with the polynomial x^8 + x^4 + x^3 + x^2 + 1.
std::uint8_t product(std::uint8_t left, std::uint8_t right) noexcept {
    unsigned value = 0;
    for (int bit = 7; bit >= 0; --bit) {
        value = (value << 1U) ^ ((value >> 7U) * 0x11DU);
        value ^= ((right >> static_cast<unsigned>(bit)) & 1U) * left;
    }
    return static_cast<std::uint8_t>(value);
}

// The coefficients of (x - 1)(x - 2)(x - 4)..., the leading one left out.
Bytes generator(std::size_t degree) {
    Bytes coefficients(degree, 0);
    coefficients.back() = 1;
    std::uint8_t root = 1;
    for (std::size_t i = 0; i < degree; ++i) {
        for (std::size_t j = 0; j < degree; ++j) {
            coefficients[j] = product(coefficients[j], root);
            if (j + 1 < degree) coefficients[j] ^= coefficients[j + 1];
        }
        root = product(root, 2);
    }
    return coefficients;
}

Bytes remainder(const Bytes& data, const Bytes& divisor) {
    Bytes rest(divisor.size(), 0);
    for (const auto byte : data) {
        const auto factor = static_cast<std::uint8_t>(byte ^ rest.front());
        rest.erase(rest.begin());
        rest.push_back(0);
        for (std::size_t i = 0; i < rest.size(); ++i) rest[i] ^= product(divisor[i], factor);
    }
    return rest;
}

class Bits {
  public:
    void append(std::size_t value, unsigned count) {
        for (unsigned i = count; i > 0; --i) {
            if (used_ % 8 == 0) bytes_.push_back(0);
            const auto bit = (value >> (i - 1)) & 1U;
            bytes_.back() |= static_cast<std::uint8_t>(bit << (7 - (used_ % 8)));
            ++used_;
        }
    }
    Bytes padded(std::size_t size) {
        append(0, 4);  // The terminator, which always fits here: byte mode leaves four bits over.
        for (std::uint8_t pad = 0xEC; bytes_.size() < size; pad ^= 0xEC ^ 0x11)
            bytes_.push_back(pad);
        return std::move(bytes_);
    }

  private:
    Bytes bytes_;
    std::size_t used_ = 0;
};

unsigned length_bits(std::size_t version) noexcept { return version < 10 ? 8 : 16; }

// Cut into blocks, the later ones one byte longer where it does not divide, and taken from each in
// turn.
Bytes interleaved(const Bytes& data, const Capacity& capacity) {
    const auto divisor = generator(capacity.correction);
    const auto shorter = data.size() / capacity.blocks;
    const auto longer = data.size() % capacity.blocks;
    std::vector<Bytes> blocks;
    auto from = data.begin();
    for (std::size_t i = 0; i < capacity.blocks; ++i) {
        const auto size = shorter + (i >= capacity.blocks - longer ? 1 : 0);
        blocks.emplace_back(from, from + static_cast<std::ptrdiff_t>(size));
        from += static_cast<std::ptrdiff_t>(size);
    }
    Bytes all;
    const auto take_turns = [&](const std::vector<Bytes>& parts, std::size_t longest) {
        for (std::size_t i = 0; i < longest; ++i) {
            for (const auto& part : parts) {
                if (i < part.size()) all.push_back(part[i]);
            }
        }
    };
    take_turns(blocks, shorter + 1);
    for (auto& block : blocks) block = remainder(block, divisor);
    take_turns(blocks, capacity.correction);
    return all;
}

}  // namespace

std::optional<QrCodewords> qr_codewords(std::string_view text) {
    for (std::size_t version = 1; version <= capacities.size(); ++version) {
        const auto& capacity = capacities.at(version - 1);
        const auto bits = 4 + length_bits(version) + (8 * text.size());
        if (bits > capacity.data() * 8) continue;
        Bits data;
        data.append(4, 4);  // Byte mode.
        data.append(text.size(), length_bits(version));
        for (const char c : text) data.append(static_cast<unsigned char>(c), 8);
        return QrCodewords{.version = version,
                           .bytes = interleaved(data.padded(capacity.data()), capacity)};
    }
    return std::nullopt;
}

}  // namespace hearth::cli
