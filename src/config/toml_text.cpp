#include "config/toml_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hearth::config {
namespace {

bool bare(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

// A basic string (TOML 1.0, "String").
std::string quoted(std::string_view text) {
    std::string quote = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quote += '\\';
            quote += c;
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            quote += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        } else {
            quote += c;
        }
    }
    return quote + '"';
}

}  // namespace

TomlText::TomlText(std::string text)
    : text_(std::move(text)), line_end_(text_.contains("\r\n") ? "\r\n" : "\n") {}

std::size_t TomlText::start_of(std::size_t line) const {
    std::size_t start = 0;
    for (std::size_t i = 1; i < line; ++i) {
        const auto end = text_.find('\n', start);
        if (end == std::string::npos) return text_.size();
        start = end + 1;
    }
    return start;
}

std::size_t TomlText::offset_of(TextPosition position) const {
    auto offset = start_of(position.line);
    for (std::size_t i = 1; i < position.column && offset < text_.size(); ++i) {
        ++offset;
        // The bytes that continue a code point.
        while (offset < text_.size() &&
               (static_cast<unsigned char>(text_[offset]) & 0xC0U) == 0x80U) {
            ++offset;
        }
    }
    return offset;
}

void TomlText::replace(TextPosition begin, TextPosition end, std::string_view with) {
    const auto first = offset_of(begin);
    text_.replace(first, offset_of(end) - first, with);
}

void TomlText::end_last_line() {
    if (!text_.empty() && !text_.ends_with('\n')) text_ += line_end_;
}

void TomlText::insert_after(std::size_t line, const std::string& text) {
    if (start_of(line + 1) == text_.size()) end_last_line();
    text_.insert(start_of(line + 1), text + line_end_);
}

void TomlText::remove_lines(std::size_t first, std::size_t last) {
    const auto begin = start_of(first);
    text_.erase(begin, start_of(last + 1) - begin);
    const auto empty_line = [&](std::size_t at) {
        return text_.compare(at, line_end_.size(), line_end_) == 0;
    };
    const bool first_line = begin == 0;
    const bool empty_before =
        !first_line && text_.substr(0, begin).ends_with(line_end_ + line_end_);
    if ((first_line || empty_before) && empty_line(begin)) text_.erase(begin, line_end_.size());
    // An empty line before the end separates nothing.
    if (empty_before && begin == text_.size()) text_.erase(begin - line_end_.size());
}

void TomlText::append_table(const std::string& header, const std::vector<std::string>& lines) {
    end_last_line();
    if (!text_.empty()) text_ += line_end_;
    text_ += header + line_end_;
    for (const auto& line : lines) text_ += line + line_end_;
}

bool TomlText::header_at(std::size_t line) const {
    if (line == 0) return false;
    const auto start = text_.find_first_not_of(" \t", start_of(line));
    return start != std::string::npos && text_[start] == '[';
}

bool is_whole(double number) { return std::trunc(number) == number && std::abs(number) < 1e15; }

std::string literal(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
    if (const auto* number = std::get_if<double>(&value)) {
        return is_whole(*number) ? fmt::format("{}", static_cast<std::int64_t>(*number))
                                 : fmt::format("{}", *number);
    }
    std::vector<std::string> words;
    for (const auto& word : std::get<std::vector<std::string>>(value))
        words.push_back(quoted(word));
    return fmt::format("[{}]", fmt::join(words, ", "));
}

std::string key_text(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, bare) ? std::string(name) : quoted(name);
}

std::string header_text(const std::vector<std::string>& names) {
    std::vector<std::string> keys;
    keys.reserve(names.size());
    for (const auto& name : names) keys.push_back(key_text(name));
    return fmt::format("[{}]", fmt::join(keys, "."));
}

}  // namespace hearth::config
