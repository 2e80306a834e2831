#include "soundalike/suggest.hpp"

#include <algorithm>

#include "soundalike/edit_distance.hpp"

namespace soundalike {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

std::string_view nearest(std::string_view typed, const Words& known) {
  const std::string wanted = lower(typed);
  std::string_view best;
  const std::size_t most = std::max<std::size_t>(wanted.size(), 3) / 3;
  std::size_t lowest = 2 * most + 2;
  for (std::string_view word : known) {
    const std::string candidate = lower(word);
    const std::size_t count = edit_distance(wanted, candidate);
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

}  // namespace soundalike
