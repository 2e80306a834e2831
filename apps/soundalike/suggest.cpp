#include "suggest.hpp"

#include <algorithm>
#include <vector>

#include "text.hpp"

namespace soundalike::cli {
namespace {

// Optimal string alignment: Levenshtein with swaps of neighbours. Three rows of the usual table are enough.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view typed, const Words& known) {
  const std::string wanted = lower(typed);
  std::string_view best;
  const std::size_t most = std::max<std::size_t>(wanted.size(), 3) / 3;
  std::size_t lowest = 2 * most + 2;
  for (std::string_view word : known) {
    const std::string candidate = lower(word);
    const std::size_t count = edits(wanted, candidate);
    // Among equals the one with the same first letter: people rarely mistype that.
    const std::size_t cost = 2 * count + (candidate.substr(0, 1) == wanted.substr(0, 1) ? 0 : 1);
    if (count <= most && cost < lowest) {
      lowest = cost;
      best = word;
    }
  }
  if (!best.empty() || wanted.empty()) return best;
  for (std::string_view word : known) {
    if (!lower(word).starts_with(wanted)) continue;
    if (!best.empty()) return {};
    best = word;
  }
  return best;
}

std::string did_you_mean(std::string_view typed, const Words& known, std::string_view prefix) {
  const std::string_view word = nearest(typed, known);
  if (word.empty()) return "";
  return "; did you mean '" + std::string(prefix) + std::string(word) + "'?";
}

std::string listing(const Words& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace soundalike::cli
