#include "sigv4/encoding.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace hearth::sigv4 {
namespace {

enum class Triplets : std::uint8_t { are_text, are_kept };
enum class Slash : std::uint8_t { is_encoded, is_kept };

consteval std::array<bool, 256> unreserved_octets() {
    std::array<bool, 256> octets{};
    constexpr std::string_view characters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (const char c : characters) octets[static_cast<unsigned char>(c)] = true;
    return octets;
}

bool unreserved(char c) {
    static constexpr auto octets = unreserved_octets();
    return octets[static_cast<unsigned char>(c)];
}

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

// The octet that the text begins with as "%2F", or nothing.
bool starts_with_triplet(std::string_view text, char& octet) {
    if (text.size() < 3 || text[0] != '%') return false;
    const int high = digit(text[1]);
    const int low = digit(text[2]);
    octet = static_cast<char>((high * 16) + low);
    return high >= 0 && low >= 0;
}

template <class Sink>
void append_triplet(Sink& sink, char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto octet = static_cast<unsigned char>(c);
    const std::array triplet{'%', digits[octet >> 4U], digits[octet & 0xFU]};
    sink.append(std::string_view(triplet.data(), triplet.size()));
}

// A triplet that is kept is written in capitals, or as the character itself where that needs none.
template <Triplets triplets, Slash slash, class Sink>
void append_as(Sink& sink, std::string_view text) {
    const auto plain = [](char c) {
        return unreserved(c) || (slash == Slash::is_kept && c == '/');
    };
    while (!text.empty()) {
        const auto* const end = std::ranges::find_if_not(text, plain);
        const auto size = static_cast<std::size_t>(end - text.begin());
        if (size > 0) sink.append(text.substr(0, size));
        text.remove_prefix(size);
        if (text.empty()) return;
        char octet = 0;
        if (triplets == Triplets::are_kept && starts_with_triplet(text, octet)) {
            if (unreserved(octet)) {
                sink.append(std::string_view(&octet, 1));
            } else {
                append_triplet(sink, octet);
            }
            text.remove_prefix(3);
        } else {
            append_triplet(sink, text.front());
            text.remove_prefix(1);
        }
    }
}

bool is_normal(std::string_view path) {
    return path.starts_with('/') && !path.contains("//") && !path.contains("/.");
}

std::pmr::vector<std::string_view> segments_of(std::string_view path,
                                               std::pmr::memory_resource& memory) {
    std::pmr::vector<std::string_view> segments(&memory);
    while (!path.empty()) {
        const auto segment = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), segment.size() + 1));
        if (segment == "..") {
            if (!segments.empty()) segments.pop_back();
        } else if (!segment.empty() && segment != ".") {
            segments.push_back(segment);
        }
    }
    return segments;
}

void append_normalised(Writer& writer, std::string_view path, std::pmr::memory_resource& memory) {
    constexpr auto append = append_as<Triplets::are_text, Slash::is_kept, Writer>;
    if (is_normal(path)) return append(writer, path);
    const auto segments = segments_of(path, memory);
    for (const auto segment : segments) {
        writer.append('/');
        append(writer, segment);
    }
    // A slash at the very end stays; one that only dots stood behind does not.
    if (segments.empty() || path.ends_with('/')) writer.append('/');
}

}  // namespace

void append_encoded(std::string& text, std::string_view piece) {
    append_as<Triplets::are_text, Slash::is_encoded>(text, piece);
}

void append_path(Writer& writer, std::string_view path, PathRule rule,
                 std::pmr::memory_resource& memory) {
    if (path.empty()) return writer.append('/');
    switch (rule) {
        case PathRule::normalised:
            return append_normalised(writer, path, memory);
        case PathRule::as_given:
            return append_as<Triplets::are_text, Slash::is_kept>(writer, path);
        case PathRule::encoded:
            return append_as<Triplets::are_kept, Slash::is_kept>(writer, path);
    }
}

void CanonicalQuery::add(std::string_view query) {
    constexpr auto append = append_as<Triplets::are_kept, Slash::is_encoded, std::pmr::string>;
    text_.reserve(text_.size() + query.size() + (query.size() / 4));
    while (!query.empty()) {
        const auto pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        if (pair.empty()) continue;
        const auto pair_name = pair.substr(0, pair.find('='));
        Parameter parameter{.from = text_.size(), .value = 0, .end = 0};
        append(text_, pair_name);
        parameter.value = text_.append("=").size();
        append(text_, pair.substr(std::min(pair.size(), pair_name.size() + 1)));
        parameter.end = text_.size();
        parameters_.push_back(parameter);
    }
}

void CanonicalQuery::add(std::string_view name, std::string_view value) {
    constexpr auto append = append_as<Triplets::are_text, Slash::is_encoded, std::pmr::string>;
    Parameter parameter{.from = text_.size(), .value = 0, .end = 0};
    append(text_, name);
    parameter.value = text_.append("=").size();
    append(text_, value);
    parameter.end = text_.size();
    parameters_.push_back(parameter);
}

std::string_view CanonicalQuery::name(const Parameter& parameter) const noexcept {
    return std::string_view(text_).substr(parameter.from, parameter.value - 1 - parameter.from);
}

std::string_view CanonicalQuery::value(const Parameter& parameter) const noexcept {
    return std::string_view(text_).substr(parameter.value, parameter.end - parameter.value);
}

void CanonicalQuery::append_to(Writer& writer) {
    std::ranges::sort(parameters_, [this](const Parameter& left, const Parameter& right) {
        return std::tuple(name(left), value(left)) < std::tuple(name(right), value(right));
    });
    bool first = true;
    for (const auto& parameter : parameters_) {
        if (!first) writer.append('&');
        first = false;
        writer.append(
            std::string_view(text_).substr(parameter.from, parameter.end - parameter.from));
    }
}

}  // namespace hearth::sigv4
