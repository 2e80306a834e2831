#include "train/clips.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include "soundalike/augment.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/rng.hpp"

namespace soundalike::training {
namespace {

constexpr double input_lufs = -18.0;      // what the matcher brings inputs to
constexpr double octaves_of_speed = 0.5;  // a variation is played at most so much faster or slower

// `seconds` of it from anywhere, or all of it where it is not longer.
AudioBuffer excerpt_anywhere(AudioView audio, double seconds, Rng& rng) {
  const auto wanted = static_cast<std::size_t>(std::lround(seconds * audio.sample_rate().hz));
  const std::size_t frames = std::min(audio.frames(), wanted);
  return AudioBuffer(audio.excerpt(rng.below(audio.frames() - frames + 1), frames));
}

// With the gains that make them inputs; nothing when either is silent.
std::optional<ClipPair> as_inputs(std::string name, AudioBuffer first, AudioBuffer second) {
  ClipPair pair;
  pair.name = std::move(name);
  pair.halves = {std::move(first), std::move(second)};
  const double peak =
      std::max(measure_levels(pair.halves[0]).true_peak_db, measure_levels(pair.halves[1]).true_peak_db);
  for (std::size_t h = 0; h < 2; ++h) {
    const double lufs = measure_lufs(pair.halves[h]);
    if (!std::isfinite(lufs)) return std::nullopt;
    pair.gain[h] = static_cast<float>(from_db(guard_gain_db(peak, input_lufs - lufs)));
  }
  return pair;
}

// A recording's usable pairs: itself, and then its variations; none when it is too short or silent.
std::vector<ClipPair> pairs_of(const AudioBuffer& audio, const std::string& name, const ClipOptions& options, Rng rng) {
  std::vector<ClipPair> pairs;
  const double seconds =
      std::min(options.maximum_seconds, static_cast<double>(options.maximum_frames) / audio.sample_rate().hz);
  const HalvesOptions how{.minimum_seconds = std::min(options.minimum_seconds, seconds)};
  const auto add = [&](std::optional<ClipPair> pair, bool varied) {
    if (!pair) return;
    pair->varied = varied;
    pairs.push_back(*std::move(pair));
  };
  if (const auto cut = halves(audio, how)) {
    add(as_inputs(name, AudioBuffer(active_excerpt(cut->first, seconds)),
                  AudioBuffer(active_excerpt(cut->second, seconds))),
        false);
  }
  if (pairs.empty()) return pairs;
  for (std::size_t v = 0; v < options.variations; ++v) {
    const double speed = std::exp2(rng.uniform(-octaves_of_speed, octaves_of_speed));
    AudioBuffer varied = at_speed(audio, speed);
    if (options.coloured) varied = soundalike::coloured(std::move(varied), rng);
    if (const auto cut = halves(varied, how)) {
      add(as_inputs(name, excerpt_anywhere(cut->first, seconds, rng), excerpt_anywhere(cut->second, seconds, rng)),
          true);
    }
  }
  return pairs;
}

}  // namespace

AudioBuffer ClipPair::scaled(std::size_t half, std::size_t input) const {
  AudioBuffer result = halves[half];
  for (float& x : result.samples()) x *= gain[input];
  return result;
}

std::vector<ClipPair> load_clips(const std::vector<std::filesystem::path>& files, Split split,
                                 const ClipOptions& options, const Progress& progress, const std::stop_token& stop) {
  std::vector<ClipPair> pairs;
  std::size_t short_or_silent = 0;
  std::size_t unreadable = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped while loading recordings");
    if (progress) progress({fmt::format("loading {} recordings", to_string(split)), i + 1, files.size(), {}});
    AudioBuffer audio;
    try {
      audio = load_recording(files[i], {.channels = 1, .maximum_seconds = 60.0});
    } catch (const Error&) {
      ++unreadable;  // one bad file among many must not end a run; told when none is left
      continue;
    }
    auto found = pairs_of(audio, files[i].filename().string(), options, Rng::derive(options.seed, 0x76617279, i));
    if (found.empty()) ++short_or_silent;
    std::ranges::move(found, std::back_inserter(pairs));
  }
  if (pairs.empty()) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot train: of the {} recordings of the {} split, {} have halves under {:g} s or are "
                    "silent, {} cannot be read; none is left (splits follow from file names, or from a folder's "
                    "manifest)",
                    files.size(), to_string(split), short_or_silent, options.minimum_seconds, unreadable));
  }
  return pairs;
}

}  // namespace soundalike::training
