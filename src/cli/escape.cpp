#include "cli/escape.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace hearth::cli {
namespace {

struct Character {
    char32_t code = 0;
    std::size_t size = 1;
    bool valid = false;
};

struct Lead {
    std::size_t size;
    char32_t bits;
    char32_t least;  // Smaller values are overlong.
};

Lead lead_of(unsigned char byte) noexcept {
    if (byte < 0x80) return {.size = 1, .bits = byte, .least = 0};
    if (byte >= 0xC2 && byte < 0xE0) return {.size = 2, .bits = byte & 0x1FU, .least = 0x80};
    if (byte >= 0xE0 && byte < 0xF0) return {.size = 3, .bits = byte & 0x0FU, .least = 0x800};
    if (byte >= 0xF0 && byte < 0xF5) return {.size = 4, .bits = byte & 0x07U, .least = 0x10000};
    return {.size = 0, .bits = 0, .least = 0};
}

// The first character of a text that is not empty (RFC 3629).
Character first(std::string_view text) noexcept {
    const auto lead = lead_of(static_cast<unsigned char>(text.front()));
    if (lead.size == 0 || lead.size > text.size()) return {};
    char32_t code = lead.bits;
    for (std::size_t i = 1; i < lead.size; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xC0U) != 0x80U) return {};
        code = (code << 6U) | (byte & 0x3FU);
    }
    if (code < lead.least || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {};
    return {.code = code, .size = lead.size, .valid = true};
}

struct Range {
    char32_t from;
    char32_t to;
};

template <std::size_t count>
constexpr bool within(const std::array<Range, count>& ranges, char32_t code) noexcept {
    return std::ranges::any_of(
        ranges, [code](const Range& range) { return code >= range.from && code <= range.to; });
}

// Controls, and format characters that turn the direction of writing or cannot be seen.
constexpr std::array hidden{
    Range{0x00, 0x1F},     Range{0x7F, 0x9F},       Range{0xAD, 0xAD},     Range{0x61C, 0x61C},
    Range{0x200B, 0x200F}, Range{0x2028, 0x202E},   Range{0x2060, 0x206F}, Range{0xFEFF, 0xFEFF},
    Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F},
};
constexpr std::array combining{
    Range{0x300, 0x36F},   Range{0x483, 0x489},   Range{0x591, 0x5BD},   Range{0x610, 0x61A},
    Range{0x64B, 0x65F},   Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x20D0, 0x20FF},
    Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
};
constexpr std::array wide{
    Range{0x1100, 0x115F}, Range{0x2E80, 0x303E},   Range{0x3041, 0xA4CF},   Range{0xA960, 0xA97F},
    Range{0xAC00, 0xD7A3}, Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
    Range{0xFFE0, 0xFFE6}, Range{0x1F300, 0x1FAFF}, Range{0x20000, 0x3FFFD},
};

void append_hex(std::string& text, std::string_view prefix, std::uint32_t value, int digits) {
    text += prefix;
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        text += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 15U];
}

void append_escape(std::string& text, char32_t code) {
    if (code == '\n') {
        text += "\\n";
    } else if (code == '\t') {
        text += "\\t";
    } else if (code < 0x100) {
        append_hex(text, "\\x", code, 2);
    } else if (code < 0x10000) {
        append_hex(text, "\\u", code, 4);
    } else {
        append_hex(text, "\\U", code, 8);
    }
}

std::size_t width_of(char32_t code) noexcept {
    if (within(combining, code)) return 0;
    return within(wide, code) ? 2 : 1;
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string plain;
    plain.reserve(text.size());
    while (!text.empty()) {
        const auto character = first(text);
        if (!character.valid) {
            append_hex(plain, "\\x", static_cast<unsigned char>(text.front()), 2);
        } else if (within(hidden, character.code)) {
            append_escape(plain, character.code);
        } else {
            plain += text.substr(0, character.size);
        }
        text.remove_prefix(character.size);
    }
    return plain;
}

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const auto character = first(text);
        if (!character.valid) return false;
        text.remove_prefix(character.size);
    }
    return true;
}

std::size_t columns(std::string_view text) noexcept {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto character = first(text);
        width += width_of(character.code);
        text.remove_prefix(character.size);
    }
    return width;
}

std::string shortened(std::string_view text, std::size_t width) {
    if (columns(text) <= width) return std::string(text);
    if (width == 0) return {};
    std::size_t size = 0;
    std::size_t used = 0;
    while (size < text.size()) {
        const auto character = first(text.substr(size));
        const auto more = width_of(character.code);
        if (used + more > width - 1) break;
        used += more;
        size += character.size;
    }
    return std::string(text.substr(0, size)) + "…";
}

}  // namespace hearth::cli
