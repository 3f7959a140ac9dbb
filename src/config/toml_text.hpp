// The text of a TOML file, changed in place by line and column; and how its parts are written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/value.hpp"

namespace hearth::config {

// As toml++ counts: from 1, columns in code points.
struct TextPosition {
    std::size_t line;
    std::size_t column;
};

class TomlText {
  public:
    explicit TomlText(std::string text);

    // `end` is exclusive.
    void replace(TextPosition begin, TextPosition end, std::string_view with);
    void insert_after(std::size_t line, const std::string& text);
    // From the first to the last, with an empty line that would be doubled.
    void remove_lines(std::size_t first, std::size_t last);
    // At the end, after an empty line.
    void append_table(const std::string& header, const std::vector<std::string>& lines);
    // Whether a [table] header begins this line.
    [[nodiscard]] bool header_at(std::size_t line) const;
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    // Of the line's first byte; the text's size for a line past the last.
    [[nodiscard]] std::size_t start_of(std::size_t line) const;
    [[nodiscard]] std::size_t offset_of(TextPosition position) const;
    void end_last_line();

    std::string text_;
    std::string line_end_;
};

bool is_whole(double number);
// A value as TOML writes it.
std::string literal(const Value& value);
// A key: bare where TOML allows it.
std::string key_text(std::string_view name);
// [a.b]
std::string header_text(const std::vector<std::string>& names);

}  // namespace hearth::config
