#include "sandbox/aws_canonical.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

// A percent sign that is no escape stands for itself; a plus sign does so always.
std::string percent_decode(std::string_view text) {
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto escape = text.substr(at, 3);
        unsigned value = 0;
        if (text[at] == '%' && escape.size() == 3 &&
            std::from_chars(escape.data() + 1, escape.data() + 3, value, 16).ptr ==
                escape.data() + 3) {
            decoded += static_cast<char>(value);
            at += 2;
        } else {
            decoded += text[at];
        }
    }
    return decoded;
}

// Dot segments and doubled slashes go; what is left is encoded once more, however it was encoded.
std::string canonical_path(std::string_view path) {
    std::vector<std::string> kept;
    for (const auto& segment : split(path, '/')) {
        if (segment == "..") {
            if (!kept.empty()) kept.pop_back();
        } else if (!segment.empty() && segment != ".") {
            kept.push_back(percent_encode(segment));
        }
    }
    std::string canonical;
    for (const auto& segment : kept) canonical += '/' + segment;
    return canonical.empty() || path.ends_with('/') ? canonical + '/' : canonical;
}

std::string canonical_query(std::string_view query) {
    Pairs encoded;
    for (const auto& [name, value] : query_pairs(query))
        if (name != "X-Amz-Signature")
            encoded.emplace_back(percent_encode(name), percent_encode(value));
    std::ranges::sort(encoded);
    std::string canonical;
    for (const auto& [name, value] : encoded)
        canonical += fmt::format("{}{}={}", canonical.empty() ? "" : "&", name, value);
    return canonical;
}

std::string canonical_header(const Request& request, std::string_view name) {
    std::string line(name);
    char separator = ':';
    for (const auto& header : request.headers) {
        if (!same_name(header.name, name)) continue;
        line += separator + folded(header.value);
        separator = ',';
    }
    return line + '\n';
}

std::string joined_by(const std::vector<std::string>& parts, char separator) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty()) text += separator;
        text += part;
    }
    return text;
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const auto end = std::min(text.find(separator), text.size());
        parts.emplace_back(text.substr(0, end));
        if (end == text.size()) return parts;
        text.remove_prefix(end + 1);
    }
}

Pairs query_pairs(std::string_view query) {
    Pairs pairs;
    for (const auto& piece : split(query, '&')) {
        if (piece.empty()) continue;
        const auto equals = std::min(piece.find('='), piece.size());
        pairs.emplace_back(
            percent_decode(std::string_view(piece).substr(0, equals)),
            percent_decode(std::string_view(piece).substr(std::min(equals + 1, piece.size()))));
    }
    return pairs;
}

std::string folded(std::string_view value) {
    std::string text;
    for (const char character : value) {
        const bool blank = character == ' ' || character == '\t';
        if (!blank)
            text += character;
        else if (!text.empty() && !text.ends_with(' '))
            text += ' ';
    }
    if (text.ends_with(' ')) text.pop_back();
    return text;
}

std::string canonical_request(const Request& request,
                              const std::vector<std::string>& signed_headers) {
    std::string headers;
    for (const auto& name : signed_headers) headers += canonical_header(request, name);
    return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, canonical_path(request.path),
                       canonical_query(request.query), headers, joined_by(signed_headers, ';'),
                       to_hex(sha256(request.body)));
}

}  // namespace hearth::sandbox
