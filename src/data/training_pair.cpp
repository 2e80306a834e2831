#include "soundalike/training_pair.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "data/excerpt_draw.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"

namespace soundalike {
namespace {

void require(bool fine, const char* option, const std::string& what) {
  if (!fine) throw Error(ErrorCode::invalid_argument, fmt::format("cannot draw pairs with {} {}", option, what));
}

void check(const PairOptions& options) {
  require(options.frames > 0, "frames", "0");
  require(options.warm_up_seconds >= 0.0 && options.warm_up_seconds <= 600.0, "warm_up_seconds",
          fmt::format("{}; 0 to 600 work", options.warm_up_seconds));
  require(options.fade_seconds >= 0.0, "fade_seconds", fmt::format("{}", options.fade_seconds));
  require(options.clean_probability >= 0.0 && options.clean_probability <= 1.0, "clean_probability",
          fmt::format("{}; 0 to 1 work", options.clean_probability));
  require(options.loudness_range_db >= 0.0, "loudness_range_db", fmt::format("{}", options.loudness_range_db));
  require(options.tries > 0, "tries", "0");
  if (options.augment) {
    const AugmentOptions& augment = *options.augment;
    require(augment.probability >= 0.0 && augment.probability <= 1.0, "augment.probability",
            fmt::format("{}; 0 to 1 work", augment.probability));
    require(augment.cents >= 0.0 && augment.cents <= 2400.0, "augment.cents",
            fmt::format("{}; 0 to 2400 work", augment.cents));
    require(augment.tempo_low >= 0.25 && augment.tempo_low <= augment.tempo_high && augment.tempo_high <= 4.0,
            "augment.tempo_low and tempo_high",
            fmt::format("{} and {}; 0.25 to 4 work", augment.tempo_low, augment.tempo_high));
  }
}

AudioBuffer exactly(AudioView audio, std::size_t frames) {
  if (audio.frames() >= frames) return AudioBuffer(audio.excerpt(0, frames));
  AudioBuffer out(audio.channels(), frames, audio.sample_rate());
  for (std::size_t c = 0; c < audio.channels(); ++c) std::ranges::copy(audio.channel(c), out.channel(c).begin());
  return out;
}

void fade_ends(AudioBuffer& audio, double seconds) {
  const auto length =
      std::min(audio.frames() / 2, static_cast<std::size_t>(std::round(seconds * audio.sample_rate().hz)));
  for (std::size_t i = 0; i < length; ++i) {
    const double phase = (static_cast<double>(i) + 0.5) / static_cast<double>(length);
    const auto gain = static_cast<float>(0.5 - 0.5 * std::cos(std::numbers::pi * phase));
    for (std::size_t c = 0; c < audio.channels(); ++c) {
      audio.channel(c)[i] *= gain;
      audio.channel(c)[audio.frames() - 1 - i] *= gain;
    }
  }
}

void set_loudness(AudioBuffer& audio, double lufs, double peak_db) {
  const double now = measure_lufs(audio);
  if (!std::isfinite(now)) return;
  const double gain_db = std::min(lufs - now, peak_db - to_db(peak_of(audio.samples())));
  const auto gain = static_cast<float>(from_db(gain_db));
  for (float& x : audio.samples()) x *= gain;
}

}  // namespace

struct TrainingPairs::State {
  ExcerptDraw excerpts;
  PairOptions options;
  std::size_t warm_up = 0;

  // The two halves, dry, or why not.
  std::optional<std::pair<AudioBuffer, AudioBuffer>> halves_from(Rng& rng, ExcerptMisses& misses) const {
    const Stretch by = options.augment ? draw_stretch(*options.augment, rng) : Stretch{};
    const std::size_t whole = warm_up + 2 * options.frames;
    // A little more than needed: what is cut off at the end holds the stretcher's rounding.
    const auto raw_frames = [&](std::size_t frames) {
      return static_cast<std::size_t>(std::ceil(static_cast<double>(frames) * by.tempo));
    };
    const auto raw = excerpts.draw(by.tempo == 1.0 ? whole : raw_frames(whole) + 8, rng, misses);
    if (!raw) return std::nullopt;
    const AudioView view = raw->view();
    const std::size_t half = raw_frames(options.frames);
    const double quietest =
        std::min(rms(view.excerpt(raw_frames(warm_up), half)), rms(view.excerpt(raw_frames(warm_up) + half, half)));
    if (to_db(quietest) < options.silence_db) {
      ++misses.silent;
      return std::nullopt;
    }
    const AudioBuffer audio = exactly(stretch(view, by), whole);
    return std::pair{AudioBuffer(audio.view().excerpt(0, warm_up + options.frames)),
                     AudioBuffer(audio.view().excerpt(options.frames, warm_up + options.frames))};
  }
};

TrainingPairs::TrainingPairs(std::vector<Recording> recordings, std::shared_ptr<RecordingStore> store,
                             PairOptions options) {
  check(options);
  const double rate = store->options().sample_rate.hz;
  const auto warm_up = static_cast<std::size_t>(std::llround(options.warm_up_seconds * rate));
  ExcerptDraw excerpts(std::move(recordings), std::move(store), options.continuation);
  state_ = std::make_unique<const State>(State{std::move(excerpts), options, warm_up});
}

TrainingPairs::~TrainingPairs() = default;

std::size_t TrainingPairs::size() const { return state_->options.count; }

TrainingPair TrainingPairs::get(std::size_t i) const {
  const PairOptions& options = state_->options;
  Rng rng = Rng::derive(options.seed, i);
  TrainingPair pair;
  pair.index = i;
  pair.warm_up = state_->warm_up;
  pair.clean = rng.uniform() < options.clean_probability;
  const bool swapped = rng.below(2) == 1;
  std::array<double, 2> lufs{};
  for (double& level : lufs) {
    level = options.loudness_lufs.value_or(0.0) + rng.uniform(-options.loudness_range_db, options.loudness_range_db);
  }
  ExcerptMisses misses;
  for (std::size_t attempt = 0; attempt < options.tries; ++attempt) {
    auto halves = state_->halves_from(rng, misses);
    if (!halves) continue;
    pair.input = std::move(swapped ? halves->second : halves->first);
    pair.reference = std::move(swapped ? halves->first : halves->second);
    if (options.loudness_lufs) {
      set_loudness(pair.input, lufs[0], options.peak_db);
      set_loudness(pair.reference, lufs[1], options.peak_db);
    }
    fade_ends(pair.input, options.fade_seconds);
    fade_ends(pair.reference, options.fade_seconds);
    return pair;
  }
  const double seconds = static_cast<double>(state_->warm_up + 2 * options.frames) / state_->excerpts.rate().hz;
  throw Error(
      ErrorCode::invalid_argument,
      fmt::format("no training pair from {} recordings in {} draws: {} too short for {:.1f} s, {} silent (below "
                  "{:g} dBFS), {} unreadable",
                  state_->excerpts.recordings(), options.tries, misses.too_short, seconds, misses.silent,
                  options.silence_db, misses.unreadable));
}

}  // namespace soundalike
