#include "signing/base64.hpp"

#include <array>

namespace hearth::signing {
namespace {

constexpr std::string_view url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view plain_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encode(std::span<const std::uint8_t> octets, std::string_view alphabet) {
    std::string text;
    text.reserve((octets.size() * 4 + 2) / 3);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const auto octet : octets) {
        bits = (bits << 8U) | octet;
        count += 8;
        while (count >= 6) {
            count -= 6;
            text += alphabet[(bits >> count) & 63U];
        }
    }
    if (count > 0) text += alphabet[(bits << (6 - count)) & 63U];
    return text;
}

std::span<const std::uint8_t> octets_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

int value_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '-') return 62;
    if (c == '_') return 63;
    return -1;
}

}  // namespace

std::string base64url(std::span<const std::uint8_t> octets) { return encode(octets, url_alphabet); }

std::string base64url(std::string_view octets) { return base64url(octets_of(octets)); }

std::string base64(std::string_view octets) {
    auto text = encode(octets_of(octets), plain_alphabet);
    while (text.size() % 4 != 0) text += '=';
    return text;
}

Result<std::string> from_base64url(std::string_view text) {
    const auto refuse = [] {
        return std::unexpected(Error{Remedy::failed, "not base64url without padding", ""});
    };
    if (text.size() % 4 == 1) return refuse();
    std::string octets;
    octets.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const int value = value_of(c);
        if (value < 0) return refuse();
        bits = (bits << 6U) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            octets += static_cast<char>((bits >> count) & 0xFFU);
        }
    }
    // Two texts must not stand for the same octets.
    if ((bits & ((1U << count) - 1U)) != 0) return refuse();
    return octets;
}

}  // namespace hearth::signing
