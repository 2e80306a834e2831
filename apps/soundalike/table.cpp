#include "table.hpp"

#include <algorithm>
#include <utility>

#include "text.hpp"

namespace soundalike::cli {
namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 8;

}  // namespace

void Table::add(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::text(std::size_t width, bool colored) const {
  std::vector<std::size_t> widths, shown;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t widest = display_width(columns_[c].heading);
    for (const auto& row : rows_) widest = std::max(widest, display_width(row[c]));
    widths.push_back(widest);
    const bool used = rows_.empty() || std::ranges::any_of(rows_, [c](const auto& row) { return !row[c].empty(); });
    if (used) shown.push_back(c);
  }
  std::size_t total = shown.empty() ? 0 : gap * (shown.size() - 1);
  for (std::size_t c : shown) total += widths[c];
  while (width > 0 && total > width) {  // the widest flexible column gives way, one by one
    std::size_t victim = columns_.size();
    for (std::size_t c : shown) {
      if (columns_[c].flexible && widths[c] > narrowest && (victim == columns_.size() || widths[c] > widths[victim])) {
        victim = c;
      }
    }
    if (victim == columns_.size()) break;
    --widths[victim];
    --total;
  }
  std::string result;
  const auto line = [&](const auto& cell, bool heading) {
    std::string text;
    for (std::size_t c : shown) {
      text += pad(shorten(cell(c), widths[c]), widths[c], columns_[c].right);
      if (c != shown.back()) text.append(gap, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    result += heading && colored ? "\033[1m" + text + "\033[0m\n" : text + "\n";
  };
  line([&](std::size_t c) { return columns_[c].heading; }, true);
  for (const auto& row : rows_) line([&](std::size_t c) { return row[c]; }, false);
  return result;
}

}  // namespace soundalike::cli
