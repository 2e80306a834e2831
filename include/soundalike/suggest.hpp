#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

using Words = std::vector<std::string_view>;

/// The word of `known` that someone who typed `typed` most likely meant: fewest insertions, deletions, replacements
/// and swaps of neighbours, up to a third of the length; else the only word that begins with `typed`. Case is ignored.
/// Empty when nothing is near.
std::string_view nearest(std::string_view typed, const Words& known);

/// "; did you mean '--budget'?" for nearest(), with `prefix` in front of the word; empty when nothing is near.
std::string did_you_mean(std::string_view typed, const Words& known, std::string_view prefix = "");

/// "a, b or c".
std::string listing(const Words& words);

}  // namespace soundalike
