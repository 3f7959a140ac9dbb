// A QR code (ISO/IEC 18004) for an address that a person opens on a telephone.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::cli {

// A square of modules. Byte mode, error correction level L, versions 1 to 10: up to 271 bytes.
class QrCode {
  public:
    // Nothing for a text that is too long.
    static std::optional<QrCode> of(std::string_view text);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool dark(std::size_t x, std::size_t y) const noexcept {
        return dark_[(y * size_) + x];
    }
    // Lines of half blocks, two modules high each, with a margin: dark on light whatever the
    // terminal's colours are.
    [[nodiscard]] std::string rendered() const;

  private:
    friend class QrDrawing;
    explicit QrCode(std::size_t size) : size_(size), dark_(size * size, false) {}

    std::size_t size_;
    std::vector<bool> dark_;
};

}  // namespace hearth::cli
