#include "signing/der.hpp"

namespace hearth::signing {
namespace {

std::uint8_t octet(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

struct Extent {
    std::size_t header = 0;
    std::size_t length = 0;
};

// X.690 section 10.1: in as few octets as will do.
std::optional<Extent> extent_of(std::string_view text) {
    if (text.size() < 2) return {};
    const auto first = octet(text, 1);
    if (first < 0x80) return Extent{.header = 2, .length = first};
    const std::size_t count = first & 0x7FU;
    if (count == 0 || count > 3 || text.size() < 2 + count) return {};
    std::size_t length = 0;
    for (std::size_t i = 0; i < count; ++i) length = (length << 8U) | octet(text, 2 + i);
    const bool short_enough = length >= 0x80 && length >> (8U * (count - 1)) != 0;
    if (!short_enough) return {};
    return Extent{.header = 2 + count, .length = length};
}

}  // namespace

std::optional<std::string_view> DerReader::take(std::uint8_t tag) noexcept {
    const auto extent = extent_of(text_);
    if (!extent || octet(text_, 0) != tag) return {};
    if (text_.size() - extent->header < extent->length) return {};
    const auto content = text_.substr(extent->header, extent->length);
    text_.remove_prefix(extent->header + extent->length);
    return content;
}

std::optional<std::string_view> DerReader::take_number() noexcept {
    const auto before = text_;
    auto number = take(integer);
    if (!number) return {};
    if (number->empty() || octet(*number, 0) >= 0x80) {
        text_ = before;
        return {};
    }
    while (number->starts_with('\0')) number->remove_prefix(1);
    return number;
}

}  // namespace hearth::signing
