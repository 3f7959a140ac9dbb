#include "cli/qr_code.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "cli/qr_codewords.hpp"

namespace hearth::cli {

// Draws one symbol: the patterns that never change, the data around them, then the mask.
class QrDrawing {
  public:
    explicit QrDrawing(const QrCodewords& words)
        : version_(words.version),
          code_(17 + (4 * words.version)),
          fixed_(code_.size_ * code_.size_, false) {
        draw_patterns();
        draw_format(0);  // Reserves its place.
        draw_data(words.bytes);
    }

    // With the mask that leaves the fewest patterns that confuse scanners.
    QrCode best() {
        unsigned chosen = 0;
        std::size_t least = SIZE_MAX;
        for (unsigned mask = 0; mask < 8; ++mask) {
            apply(mask);
            const auto penalty = lines_penalty() + blocks_penalty() + balance_penalty();
            if (penalty < least) chosen = mask;
            least = std::min(least, penalty);
            invert(mask);  // Undoes itself.
        }
        apply(chosen);
        return code_;
    }

  private:
    void set(std::size_t x, std::size_t y, bool dark) {
        code_.dark_[(y * code_.size_) + x] = dark;
        fixed_[(y * code_.size_) + x] = true;
    }

    void draw_finder(int left, int top) {
        const auto size = static_cast<int>(code_.size_);
        for (int dy = -1; dy <= 7; ++dy) {
            for (int dx = -1; dx <= 7; ++dx) {
                const int x = left + dx;
                const int y = top + dy;
                if (x < 0 || y < 0 || x >= size || y >= size) continue;
                const int ring = std::max(std::abs(dx - 3), std::abs(dy - 3));
                set(static_cast<std::size_t>(x), static_cast<std::size_t>(y),
                    ring != 2 && ring != 4);
            }
        }
    }

    void draw_alignment(std::size_t x, std::size_t y) {
        for (int dy = -2; dy <= 2; ++dy) {
            for (int dx = -2; dx <= 2; ++dx)
                set(x + static_cast<std::size_t>(dx), y + static_cast<std::size_t>(dy),
                    std::max(std::abs(dx), std::abs(dy)) != 1);
        }
    }

    // ISO/IEC 18004 annex E: the first at 6, the last 7 from the end, one between from version 7.
    [[nodiscard]] std::vector<std::size_t> alignment_places() const {
        if (version_ == 1) return {};
        const auto last = code_.size_ - 7;
        if (version_ < 7) return {6, last};
        return {6, (6 + last) / 2, last};
    }

    void draw_patterns() {
        for (std::size_t i = 0; i < code_.size_; ++i) {
            set(6, i, i % 2 == 0);
            set(i, 6, i % 2 == 0);
        }
        const auto far = static_cast<int>(code_.size_) - 7;
        draw_finder(0, 0);
        draw_finder(far, 0);
        draw_finder(0, far);
        const auto places = alignment_places();
        for (const auto x : places) {
            for (const auto y : places) {
                const bool at_finder = (x == 6 && y == 6) || (x == 6 && y == places.back()) ||
                                       (x == places.back() && y == 6);
                if (!at_finder) draw_alignment(x, y);
            }
        }
        draw_version();
    }

    // The value and its remainder by a generator polynomial (a BCH code).
    static unsigned coded(unsigned value, unsigned polynomial, unsigned degree) noexcept {
        unsigned rest = value;
        for (unsigned i = 0; i < degree; ++i)
            rest = (rest << 1U) ^ ((rest >> (degree - 1)) * polynomial);
        return (value << degree) | rest;
    }

    void draw_version() {
        if (version_ < 7) return;
        const auto bits = coded(static_cast<unsigned>(version_), 0x1F25, 12);
        for (unsigned i = 0; i < 18; ++i) {
            const bool dark = ((bits >> i) & 1U) != 0;
            const auto far = code_.size_ - 11 + (i % 3);
            set(far, i / 3, dark);
            set(i / 3, far, dark);
        }
    }

    // The level (L is 01) and the mask, twice.
    void draw_format(unsigned mask) {
        const auto bits = coded((1U << 3U) | mask, 0x537, 10) ^ 0x5412U;
        const auto last = code_.size_ - 1;
        for (unsigned i = 0; i < 15; ++i) {
            const bool dark = ((bits >> i) & 1U) != 0;
            const unsigned skipping = i < 6 ? i : i + 1;  // Past the timing pattern.
            if (i < 8) {
                set(8, skipping, dark);
                set(last - i, 8, dark);
            } else {
                set(i == 8 ? 7 : 14 - i, 8, dark);
                set(8, last - 14 + i, dark);
            }
        }
        set(8, last - 7, true);
    }

    // Two columns at a time from the right, up and down in turn.
    void draw_data(const std::vector<std::uint8_t>& bytes) {
        const auto size = code_.size_;
        std::size_t bit = 0;
        bool upwards = true;
        for (std::size_t right = size - 1; right >= 1 && right < size; right -= 2) {
            if (right == 6) right = 5;
            for (std::size_t step = 0; step < size; ++step) {
                const auto y = upwards ? size - 1 - step : step;
                for (const auto x : {right, right - 1}) {
                    if (fixed_[(y * size) + x] || bit >= bytes.size() * 8) continue;
                    code_.dark_[(y * size) + x] = ((bytes[bit / 8] >> (7 - (bit % 8))) & 1U) != 0;
                    ++bit;
                }
            }
            upwards = !upwards;
        }
    }

    static bool masked(unsigned mask, std::size_t x, std::size_t y) noexcept {
        switch (mask) {
            case 0:
                return (x + y) % 2 == 0;
            case 1:
                return y % 2 == 0;
            case 2:
                return x % 3 == 0;
            case 3:
                return (x + y) % 3 == 0;
            case 4:
                return ((x / 3) + (y / 2)) % 2 == 0;
            case 5:
                return (x * y % 2) + (x * y % 3) == 0;
            case 6:
                return ((x * y % 2) + (x * y % 3)) % 2 == 0;
            default:
                return (((x + y) % 2) + (x * y % 3)) % 2 == 0;
        }
    }

    void invert(unsigned mask) {
        for (std::size_t i = 0; i < fixed_.size(); ++i) {
            if (!fixed_[i] && masked(mask, i % code_.size_, i / code_.size_))
                code_.dark_[i] = !code_.dark_[i];
        }
    }
    void apply(unsigned mask) {
        invert(mask);
        draw_format(mask);
    }

    // Runs of five and more, and what looks like a finder, along rows and columns.
    [[nodiscard]] std::size_t lines_penalty() const {
        std::size_t penalty = 0;
        for (std::size_t line = 0; line < code_.size_; ++line) {
            penalty += line_penalty([&](std::size_t i) { return code_.dark(i, line); });
            penalty += line_penalty([&](std::size_t i) { return code_.dark(line, i); });
        }
        return penalty;
    }

    [[nodiscard]] std::size_t line_penalty(auto dark) const {
        std::size_t penalty = 0;
        std::size_t run = 0;
        unsigned window = 0;
        for (std::size_t i = 0; i < code_.size_; ++i) {
            run = i > 0 && dark(i) == dark(i - 1) ? run + 1 : 1;
            if (run == 5) penalty += 3;
            if (run > 5) ++penalty;
            window = ((window << 1U) | (dark(i) ? 1U : 0U)) & 0x7FFU;
            if (i >= 10 && (window == 0x05D || window == 0x5D0)) penalty += 40;
        }
        return penalty;
    }

    [[nodiscard]] std::size_t blocks_penalty() const {
        std::size_t penalty = 0;
        for (std::size_t y = 1; y < code_.size_; ++y) {
            for (std::size_t x = 1; x < code_.size_; ++x) {
                const bool dark = code_.dark(x, y);
                if (dark == code_.dark(x - 1, y) && dark == code_.dark(x, y - 1) &&
                    dark == code_.dark(x - 1, y - 1))
                    penalty += 3;
            }
        }
        return penalty;
    }

    [[nodiscard]] std::size_t balance_penalty() const {
        const auto dark = static_cast<std::size_t>(std::ranges::count(code_.dark_, true));
        const auto percent = dark * 100 / code_.dark_.size();
        const auto off = percent > 50 ? percent - 50 : 50 - percent;
        return off / 5 * 10;
    }

    std::size_t version_;
    QrCode code_;
    std::vector<bool> fixed_;
};

std::optional<QrCode> QrCode::of(std::string_view text) {
    const auto words = qr_codewords(text);
    if (!words) return std::nullopt;
    return QrDrawing(*words).best();
}

std::string QrCode::rendered() const {
    constexpr std::size_t margin = 2;
    const auto shown = [&](std::size_t x, std::size_t y) {
        const bool inside = x >= margin && y >= margin && x < size_ + margin && y < size_ + margin;
        return inside && dark(x - margin, y - margin);
    };
    std::string text;
    for (std::size_t y = 0; y < size_ + (2 * margin); y += 2) {
        text += "  \x1b[30;107m";
        for (std::size_t x = 0; x < size_ + (2 * margin); ++x) {
            const bool upper = shown(x, y);
            const bool lower = shown(x, y + 1);
            static constexpr std::array<std::string_view, 4> halves{" ", "▄", "▀", "█"};
            text += halves.at((upper ? 2U : 0U) + (lower ? 1U : 0U));
        }
        text += "\x1b[0m\n";
    }
    return text;
}

}  // namespace hearth::cli
