#include "effect/effect_class.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace soundalike {

std::string effect_class(std::string_view word) {
  using Row = std::pair<std::string_view, std::string_view>;
  constexpr std::array rows{
      Row{"analyzer", "Analyser"},
      Row{"eq", "Equaliser"},
      Row{"equalizer", "Equaliser"},
      Row{"modulation", "Modulator"},
      Row{"pitch shift", "Pitch Shifter"},
      Row{"pitch-shifter", "Pitch Shifter"},
      Row{"tools", "Utility"},
  };
  std::string lower(word);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (const auto row = std::ranges::find(rows, lower, &Row::first); row != rows.end()) return std::string(row->second);
  std::string name(word);
  if (!name.empty()) name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

}  // namespace soundalike
