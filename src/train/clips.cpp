#include "train/clips.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <mutex>
#include <optional>

#include "base/parallel.hpp"
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
std::optional<ClipPair> as_inputs(std::string name, AudioView first, AudioView second) {
  ClipPair pair;
  pair.name = std::move(name);
  const double peak = std::max(measure_levels(first).true_peak_db, measure_levels(second).true_peak_db);
  for (std::size_t h = 0; h < 2; ++h) {
    const AudioView half = h == 0 ? first : second;
    const double lufs = measure_lufs(half);
    if (!std::isfinite(lufs)) return std::nullopt;
    pair.halves[h] = CompactAudio(half);
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

CompactAudio::CompactAudio(AudioView audio) : samples_(audio.frames()), rate_(audio.sample_rate()) {
  const auto from = audio.channel(0);
  float peak = 0.0f;
  for (const float x : from) peak = std::max(peak, std::abs(x));
  if (peak == 0.0f) return;
  constexpr float most = std::numeric_limits<std::int16_t>::max();
  step_ = peak / most;
  std::ranges::transform(from, samples_.begin(),
                         [&](float x) { return static_cast<std::int16_t>(std::lround(x / peak * most)); });
}

AudioBuffer CompactAudio::expand(float gain) const {
  AudioBuffer audio(1, samples_.size(), rate_);
  std::ranges::transform(samples_, audio.channel(0).begin(),
                         [scale = step_ * gain](std::int16_t x) { return static_cast<float>(x) * scale; });
  return audio;
}

std::vector<ClipPair> load_clips(const std::vector<std::filesystem::path>& files, Split split,
                                 const ClipOptions& options, const Progress& progress, const std::stop_token& stop) {
  std::vector<std::vector<ClipPair>> of_file(files.size());
  std::size_t unreadable = 0;
  std::size_t done = 0;
  std::mutex telling;
  parallel_for(files.size(), threads_or_cores(options.threads), [&](std::size_t i) {
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped while loading recordings");
    bool readable = true;
    try {
      of_file[i] = pairs_of(load_recording(files[i], {.channels = 1, .maximum_seconds = 60.0}),
                            files[i].filename().string(), options, Rng::derive(options.seed, 0x76617279, i));
    } catch (const Error&) {
      readable = false;  // one bad file among many must not end a run; told when none is left
    }
    const std::lock_guard lock(telling);
    if (!readable) ++unreadable;
    ++done;
    if (progress) progress({fmt::format("loading {} recordings", to_string(split)), done, files.size(), {}});
  });
  const auto short_or_silent =
      static_cast<std::size_t>(std::ranges::count_if(of_file, [](const auto& pairs) { return pairs.empty(); })) -
      unreadable;
  std::vector<ClipPair> pairs;
  for (auto& found : of_file) std::ranges::move(found, std::back_inserter(pairs));
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
