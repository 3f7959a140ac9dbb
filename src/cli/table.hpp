#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/terminal.hpp"

namespace hearth::cli {

struct Cell {
    std::string text;  // Anything; it is made harmless.
    Colour colour = Colour::none;
};

// Lines of cells in columns that are as wide as their widest cell.
class Table {
  public:
    void row(std::vector<Cell> cells) { rows_.push_back(std::move(cells)); }
    // Where the lines would be wider than `width`, the columns named may be shortened, the first
    // one first, down to twelve columns each. A width of zero is no limit.
    [[nodiscard]] std::string rendered(std::size_t width,
                                       const std::vector<std::size_t>& shrinking) const;

  private:
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace hearth::cli
