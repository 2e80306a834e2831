#include "train/clips.hpp"

#include <fmt/format.h>

#include <cmath>

#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"

namespace soundalike::training {
namespace {

constexpr double input_lufs = -18.0;  // what the matcher brings inputs to

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
    const double seconds =
        std::min(options.maximum_seconds, static_cast<double>(options.maximum_frames) / audio.sample_rate().hz);
    const auto cut = halves(audio, {.minimum_seconds = std::min(options.minimum_seconds, seconds)});
    if (!cut) {
      ++short_or_silent;
      continue;
    }
    ClipPair pair;
    pair.name = files[i].filename().string();
    pair.halves = {AudioBuffer(active_excerpt(cut->first, seconds)), AudioBuffer(active_excerpt(cut->second, seconds))};
    const double peak =
        std::max(measure_levels(pair.halves[0]).true_peak_db, measure_levels(pair.halves[1]).true_peak_db);
    bool audible = true;
    for (std::size_t h = 0; h < 2; ++h) {
      const double lufs = measure_lufs(pair.halves[h]);
      audible = audible && std::isfinite(lufs);
      pair.gain[h] = static_cast<float>(from_db(guard_gain_db(peak, input_lufs - lufs)));
    }
    if (audible) {
      pairs.push_back(std::move(pair));
    } else {
      ++short_or_silent;
    }
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
