#include "latent/map_clip.hpp"

#include <algorithm>
#include <cmath>

#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"

namespace soundalike::latent {
namespace {

constexpr double working_lufs = -18.0;  // as match gives it to effects
constexpr double shortest_seconds = 0.05;
constexpr double hop_seconds = 0.05;

AudioView loudest_part(AudioView recording, double seconds) {
  const double rate = recording.sample_rate().hz;
  const auto length = static_cast<std::size_t>(std::llround(seconds * rate));
  const auto hop = static_cast<std::size_t>(std::max(1.0, std::floor(hop_seconds * rate)));
  std::size_t best = 0;
  double loudest = -1.0;
  for (std::size_t first = 0; first + length <= recording.frames(); first += hop) {
    const double level = rms(recording.excerpt(first, length));
    if (level > loudest) {
      loudest = level;
      best = first;
    }
  }
  return recording.excerpt(best, length);
}

}  // namespace

MapClip prepare_clip(AudioView recording, double seconds) {
  if (recording.seconds() < shortest_seconds) {
    throw Error(ErrorCode::invalid_argument, "cannot make a map on a recording of less than 50 ms");
  }
  MapClip clip{AudioBuffer(loudest_part(recording, seconds))};
  const Levels levels = measure_levels(clip.audio);
  if (!std::isfinite(levels.lufs)) throw Error(ErrorCode::bad_audio, "cannot make a map on digital silence");
  clip.gain_db = guard_gain_db(levels.true_peak_db, working_lufs - levels.lufs);
  const auto gain = static_cast<float>(from_db(clip.gain_db));
  for (float& sample : clip.audio.samples()) sample *= gain;
  return clip;
}

}  // namespace soundalike::latent
