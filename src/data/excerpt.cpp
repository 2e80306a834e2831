#include <algorithm>
#include <cmath>
#include <span>

#include "soundalike/corpus.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/level.hpp"

namespace soundalike {
namespace {

// How far each block of `block` frames is above 40 dB under the loudest, in dB; a rest at the end is left out.
std::vector<double> activity(AudioView audio, std::size_t block) {
  std::vector<double> levels(audio.frames() / block);
  for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = to_db(rms(audio.excerpt(i * block, block)));
  const double loudest = levels.empty() ? -INFINITY : *std::ranges::max_element(levels);
  if (std::isinf(loudest)) return std::vector<double>(levels.size(), 0.0);
  for (double& level : levels) level = std::max(0.0, level - loudest + 40.0);
  return levels;
}

}  // namespace

std::optional<Halves> halves(AudioView audio, const HalvesOptions& options) {
  const std::size_t half = audio.frames() / 2;
  if (half == 0 || static_cast<double>(half) < options.minimum_seconds * audio.sample_rate().hz) return std::nullopt;
  const Halves cut{audio.excerpt(0, half), audio.excerpt(half, half)};
  if (to_db(std::min(rms(cut.first), rms(cut.second))) < options.silence_db) return std::nullopt;
  return cut;
}

AudioView active_excerpt(AudioView audio, double seconds) {
  const auto length = static_cast<std::size_t>(std::max(0.0, std::round(seconds * audio.sample_rate().hz)));
  if (length >= audio.frames()) return audio;
  const auto block = std::max<std::size_t>(1, static_cast<std::size_t>(std::round(0.05 * audio.sample_rate().hz)));
  const auto levels = activity(audio, block);
  const std::size_t blocks = std::min(std::max<std::size_t>(1, length / block), levels.size());
  double sum = 0.0;
  for (std::size_t i = 0; i < blocks; ++i) sum += levels[i];
  double highest = sum;
  std::size_t first = 0;
  for (std::size_t i = blocks; i < levels.size(); ++i) {
    sum += levels[i] - levels[i - blocks];
    if (sum > highest + 1e-6) {  // beyond rounding of the running sum: the earliest of equals
      highest = sum;
      first = i - blocks + 1;
    }
  }
  return audio.excerpt(std::min(first * block, audio.frames() - length), length);
}

}  // namespace soundalike
