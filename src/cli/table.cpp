#include "cli/table.hpp"

#include <algorithm>
#include <numeric>

#include "cli/escape.hpp"

namespace hearth::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 12;

void shrink(std::vector<std::size_t>& widths, std::size_t limit,
            const std::vector<std::size_t>& shrinking) {
    if (limit == 0 || widths.empty()) return;
    const auto total = std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
    auto excess = total > limit ? total - limit : 0;
    for (const auto column : shrinking) {
        if (column >= widths.size()) continue;
        const auto spare = widths[column] > narrowest ? widths[column] - narrowest : 0;
        const auto cut = std::min(spare, excess);
        widths[column] -= cut;
        excess -= cut;
    }
}

}  // namespace

std::string Table::rendered(std::size_t width, const std::vector<std::size_t>& shrinking) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns(escaped(row[i].text)));
    }
    shrink(widths, width, shrinking);
    std::string text;
    for (const auto& row : rows_) {
        std::size_t pending = 0;  // Blanks are written only before something, never at the end.
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto cell = shortened(escaped(row[i].text), widths[i]);
            if (!cell.empty()) {
                text.append(pending, ' ').append(painted(cell, row[i].colour));
                pending = 0;
            }
            pending += widths[i] - columns(cell) + gap;
        }
        text += '\n';
    }
    return text;
}

}  // namespace hearth::cli
