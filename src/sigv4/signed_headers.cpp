#include "sigv4/signed_headers.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace hearth::sigv4 {
namespace {

char lowered(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

bool blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Blanks around it go, and those within become one space.
void append_value(Writer& writer, std::string_view value) {
    if (!has_blank_or_control(value)) return writer.append(value);
    bool first = true;
    while (true) {
        const auto* const from = std::ranges::find_if_not(value, blank);
        value.remove_prefix(static_cast<std::size_t>(from - value.begin()));
        if (value.empty()) return;
        const auto* const end = std::ranges::find_if(value, blank);
        const auto size = static_cast<std::size_t>(end - value.begin());
        if (!first) writer.append(' ');
        first = false;
        writer.append(value.substr(0, size));
        value.remove_prefix(size);
    }
}

// By name; headers of one name lie in one array, in their order.
bool before(const HeaderView* left, const HeaderView* right) {
    const auto mismatch = std::ranges::mismatch(left->name, right->name, {}, lowered, lowered);
    if (mismatch.in2 == right->name.end())
        return mismatch.in1 == left->name.end() && std::less<>()(left, right);
    if (mismatch.in1 == left->name.end()) return true;
    return static_cast<unsigned char>(lowered(*mismatch.in1)) <
           static_cast<unsigned char>(lowered(*mismatch.in2));
}

}  // namespace

bool has_blank_or_control(std::string_view text) noexcept {
    // Eight octets at a time: a session token is a thousand of them. The subtraction borrows into
    // an octet's highest bit where the octet is below 0x21.
    constexpr std::uint64_t lowest = 0x2121212121212121;
    constexpr std::uint64_t highest_bits = 0x8080808080808080;
    while (text.size() >= sizeof(std::uint64_t)) {
        std::uint64_t octets = 0;
        std::memcpy(&octets, text.data(), sizeof(octets));
        if (((octets - lowest) & ~octets & highest_bits) != 0) return true;
        text.remove_prefix(sizeof(octets));
    }
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x21; });
}

bool same_name(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() && std::ranges::equal(left, right, {}, lowered, lowered);
}

bool may_be_signed(std::string_view name) noexcept {
    static constexpr std::array<std::string_view, 12> never{"authorization",
                                                            "connection",
                                                            "expect",
                                                            "keep-alive",
                                                            "proxy-authenticate",
                                                            "proxy-authorization",
                                                            "te",
                                                            "trailer",
                                                            "transfer-encoding",
                                                            "upgrade",
                                                            "user-agent",
                                                            "x-amzn-trace-id"};
    constexpr std::string_view web_socket = "sec-websocket-";
    return std::ranges::none_of(never, [name](auto one) { return same_name(one, name); }) &&
           !same_name(name.substr(0, web_socket.size()), web_socket);
}

SignedHeaders::SignedHeaders(std::span<const HeaderView> headers, std::pmr::memory_resource& memory)
    : headers_(&memory), names_(&memory) {
    headers_.reserve(headers.size());
    std::size_t size = 0;
    for (const auto& header : headers) {
        headers_.push_back(&header);
        size += header.name.size() + 1;
    }
    std::ranges::sort(headers_, before);
    names_.reserve(size);
    std::string_view last;
    for (const auto* const header : headers_) {
        if (!names_.empty() && same_name(header->name, last)) continue;
        if (!names_.empty()) names_ += ';';
        std::ranges::transform(header->name, std::back_inserter(names_), lowered);
        last = header->name;
    }
}

void SignedHeaders::append_to(Writer& writer) const {
    std::string_view rest = names_;
    for (auto header = headers_.begin(); header != headers_.end();) {
        const auto name = (*header)->name;
        writer.append(rest.substr(0, name.size()));
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
        writer.append(':');
        append_value(writer, (*header)->value);
        for (++header; header != headers_.end() && same_name((*header)->name, name); ++header) {
            writer.append(',');
            append_value(writer, (*header)->value);
        }
        writer.append('\n');
    }
}

}  // namespace hearth::sigv4
