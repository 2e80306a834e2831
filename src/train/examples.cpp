#include "train/examples.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>
#include <optional>

#include "base/parallel.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/mfcc.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/sha256.hpp"
#include "soundalike/version.hpp"

namespace soundalike::training {
namespace {

constexpr std::size_t batch = 256;    // renders per call: bounds the memory, and lets progress be told
constexpr std::size_t attempts = 10;  // at settings that are not too extreme
constexpr float silence_peak = 1e-6f;

// Everything that the examples follow from.
std::string cache_key(const std::vector<ClipPair>& clips, const Rigs& rigs, const SettingsSpace& space,
                      const Encoder& encoder, const ExampleOptions& options) {
  Sha256 hash;
  const auto add = [&](const std::string& text) { hash.add(text + '\n'); };
  add(program_version());
  add(encoder.digest());
  add(fmt::format("{} {} {}", options.count, options.seed, options.least_similarity));
  for (const auto& listing : rigs.chain()) add(listing.info.id + " " + listing.info.version);
  for (const auto& profile : rigs.profiles()) add(to_json(profile));
  for (const auto& knob : space.free()) add(fmt::format("{} {} {}", knob.parameter, knob.low, knob.high));
  for (const float value : space.base()) add(fmt::format("{}", value));
  for (const double value : options.fixed) add(fmt::format("{}", value));
  for (const auto& clip : clips) {
    add(fmt::format("{} {} {} {} {}", clip.name, clip.rate().hz, clip.halves[0].frames(), clip.warm_up, clip.clean));
    for (const auto& half : clip.halves) {  // a recording may have changed under its name
      const auto loudness = [](std::int64_t sum, std::int16_t x) { return sum + std::abs(x); };
      const auto samples = half.samples();
      add(fmt::format("{} {}", half.step(),
                      std::accumulate(samples.begin(), samples.end(), std::int64_t{0}, loudness)));
    }
  }
  return to_hex(hash.finish());
}

std::vector<float> as_floats(const std::vector<std::size_t>& values) { return {values.begin(), values.end()}; }
std::vector<std::size_t> as_sizes(const std::vector<float>& values) {
  std::vector<std::size_t> sizes;
  for (const float value : values) sizes.push_back(static_cast<std::size_t>(value));
  return sizes;
}

void write(const std::filesystem::path& file, const Examples& examples) {
  Checkpoint out;
  out.kind = "examples";
  out.program_version = program_version();
  const auto put = [&](const char* name, const std::vector<float>& values) {
    out.tensors[name] = StoredTensor::of({values.size()}, values);
  };
  put("known", {static_cast<float>(examples.known)});
  put("clip", as_floats(examples.clip));
  put("input", as_floats(examples.input));
  put("settings", examples.settings);
  put("reference", examples.reference);
  put("dry", examples.dry);
  write_checkpoint(file, out);
}

std::optional<Examples> read(const std::filesystem::path& file, std::size_t knobs, std::size_t embedding,
                             std::size_t clips) {
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const Checkpoint in = read_checkpoint(file);
    Examples examples;
    examples.knobs = knobs;
    examples.embedding = embedding;
    examples.known = as_sizes(in.tensors.at("known").floats()).at(0);
    examples.clip = as_sizes(in.tensors.at("clip").floats());
    examples.input = as_sizes(in.tensors.at("input").floats());
    examples.settings = in.tensors.at("settings").floats();
    examples.reference = in.tensors.at("reference").floats();
    examples.dry = in.tensors.at("dry").floats();
    const std::size_t n = examples.size();
    if (examples.known <= n && examples.settings.size() == n * knobs && examples.reference.size() == n * embedding &&
        examples.dry.size() == 2 * clips * embedding) {
      return examples;
    }
  } catch (const std::exception&) {
    // A damaged cache is made again.
  }
  return std::nullopt;
}

// The making of examples: what each hears is drawn first, so that nothing depends on the order of rendering.
class Making {
 public:
  Making(const std::vector<ClipPair>& clips, Rigs& rigs, const SettingsSpace& space, const Encoder& encoder,
         const ExampleOptions& options, const Progress& progress, const std::stop_token& stop)
      : clips_(clips),
        rigs_(rigs),
        space_(space),
        encoder_(encoder),
        options_(options),
        progress_(progress),
        stop_(stop),
        knobs_(space.free().size()),
        reference_(options.count * encoder.size()),
        state_(options.count, State::unusable) {
    made_.knobs = knobs_;
    made_.embedding = encoder.size();
    made_.settings.resize(options.count * knobs_);
    for (std::size_t i = 0; i < options.count; ++i) {
      Rng rng = rng_of(i);
      made_.clip.push_back(rng.below(clips.size()));
      made_.input.push_back(rng.below(2));
      state_[i] = clip_of(i).clean ? State::clean : State::wanted;
    }
  }

  Examples make() {
    hear_inputs();
    for (std::size_t attempt = 0; attempt < attempts; ++attempt) render(attempt);
    check_stop();
    return usable();
  }

 private:
  enum class State : char { wanted, unusable, known, clean };

  Rng rng_of(std::size_t i) const { return Rng::derive(options_.seed, 0x6578616d, i); }
  const ClipPair& clip_of(std::size_t i) const { return clips_[made_.clip[i]]; }
  void check_stop() const {
    if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "stopped while rendering examples");
  }

  void hear_inputs() {
    made_.dry.resize(2 * clips_.size() * made_.embedding);
    parallel_for(2 * clips_.size(), rigs_.at(clips_.front().rate()).workers(), [&](std::size_t i) {
      check_stop();
      const ClipPair& clip = clips_[i / 2];
      put(encoder_.encode(clip.heard(clip.halves[i % 2].expand())), made_.dry, i);
    });
  }

  void put(const std::vector<float>& embedding, std::vector<float>& table, std::size_t row) const {
    std::ranges::copy(embedding, table.begin() + static_cast<std::ptrdiff_t>(row * made_.embedding));
  }

  // Settings of example i [parameters]; those of the free knobs are kept.
  std::vector<float> draw_settings(std::size_t i, std::size_t attempt) {
    Rng rng = rng_of(i);
    rng.below(clips_.size());
    rng.below(2);
    if (attempt > 0) rng = Rng::derive(rng(), attempt);
    std::vector<double> point(knobs_);
    for (std::size_t k = 0; k < knobs_; ++k) {
      point[k] = rng.uniform();
      if (k < options_.fixed.size() && std::isfinite(options_.fixed[k])) point[k] = options_.fixed[k];
    }
    std::vector<float> full = space_.expand(point);
    for (std::size_t k = 0; k < knobs_; ++k) made_.settings[i * knobs_ + k] = full[space_.free()[k].parameter];
    return full;
  }

  // All that are wanted, which are fewer after each attempt.
  void render(std::size_t attempt) {
    std::map<double, std::vector<std::size_t>> by_rate;
    for (std::size_t i = 0; i < options_.count; ++i) {
      if (state_[i] == State::wanted) by_rate[clip_of(i).rate().hz].push_back(i);
    }
    for (auto& [rate, items] : by_rate) {
      // Each input is added but once.
      std::ranges::stable_sort(items, {}, [&](std::size_t i) { return std::pair(made_.clip[i], made_.input[i]); });
      for (std::size_t first = 0; first < items.size(); first += batch) {
        check_stop();
        render_batch(rigs_.at(SampleRate{rate}), std::span(items.data() + first, std::min(batch, items.size() - first)),
                     attempt);
        const auto waiting = static_cast<std::size_t>(std::ranges::count(state_, State::wanted));
        if (progress_) progress_({options_.stage, options_.count - waiting, options_.count, {}});
      }
    }
  }

  void render_batch(BatchRenderer& renderer, std::span<const std::size_t> items, std::size_t attempt) {
    std::vector<std::vector<float>> settings;
    std::vector<BatchRenderer::Job> jobs;
    std::map<std::pair<std::size_t, std::size_t>, BatchRenderer::ClipId> added;
    for (const std::size_t i : items) settings.push_back(draw_settings(i, attempt));
    for (std::size_t j = 0; j < items.size(); ++j) {
      const std::size_t i = items[j];
      const auto [at, fresh] = added.try_emplace({made_.clip[i], made_.input[i]}, 0);
      if (fresh) at->second = renderer.add_clip(clip_of(i).scaled(1 - made_.input[i], made_.input[i]));
      jobs.push_back({at->second, settings[j]});
    }
    renderer.render(
        jobs,
        [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
          take(items[job], outcome, clip_of(items[job]).heard(audio));
        },
        stop_);
    for (const auto& [input, clip] : added) renderer.remove_clip(clip);
  }

  // On several threads.
  void take(std::size_t i, const RenderOutcome& outcome, AudioView audio) {
    if (outcome.status != RenderStatus::ok) {
      if (outcome.status != RenderStatus::cancelled) state_[i] = State::unusable;
      const std::lock_guard lock(mutex_);
      if (!outcome.message.empty()) failure_ = outcome.message;
      return;
    }
    if (too_extreme(i, audio)) return;  // wanted still, with other settings
    state_[i] = State::unusable;
    if (peak_of(AudioBuffer(audio).samples()) < silence_peak) return;  // once the warm-up was over
    put(encoder_.encode(audio), reference_, i);
    state_[i] = State::known;
  }

  bool too_extreme(std::size_t i, AudioView audio) const {
    if (options_.least_similarity <= 0.0) return false;
    const AudioBuffer dry = clip_of(i).scaled(1 - made_.input[i], made_.input[i]);
    return mfcc_similarity(clip_of(i).heard(dry), audio) < options_.least_similarity;
  }

  Examples usable() {
    Examples kept;
    kept.knobs = knobs_;
    kept.embedding = made_.embedding;
    const auto row = [&](std::vector<float>& table, std::size_t i) {
      return table.begin() + static_cast<std::ptrdiff_t>(i * made_.embedding);
    };
    const auto keep = [&](std::size_t i) {
      kept.clip.push_back(made_.clip[i]);
      kept.input.push_back(made_.input[i]);
      const auto settings = made_.settings_of(i);
      kept.settings.insert(kept.settings.end(), settings.begin(), settings.end());
    };
    for (std::size_t i = 0; i < options_.count; ++i) {
      if (state_[i] != State::known) continue;
      // In place: there may be much of it.
      if (kept.size() < i) std::copy(row(reference_, i), row(reference_, i + 1), row(reference_, kept.size()));
      keep(i);
    }
    kept.known = kept.size();
    for (std::size_t i = 0; i < options_.count; ++i) {
      if (state_[i] != State::clean) continue;
      const std::size_t reference = 2 * made_.clip[i] + 1 - made_.input[i];
      std::copy(row(made_.dry, reference), row(made_.dry, reference + 1), row(reference_, kept.size()));
      keep(i);
    }
    reference_.resize(kept.size() * made_.embedding);
    kept.reference = std::move(reference_);
    kept.dry = std::move(made_.dry);
    if (kept.known < std::max<std::size_t>(1, options_.count / 10)) {
      throw Error(ErrorCode::plugin_failed,
                  fmt::format("cannot train: only {} of {} renders can be learnt from, the others failed, {}{}",
                              kept.known, options_.count,
                              options_.least_similarity > 0.0 ? "were silent or left too little of the recording"
                                                              : "or were silent",
                              failure_.empty() ? "" : "; the last: " + failure_));
    }
    return kept;
  }

  const std::vector<ClipPair>& clips_;
  Rigs& rigs_;
  const SettingsSpace& space_;
  const Encoder& encoder_;
  const ExampleOptions& options_;
  const Progress& progress_;
  const std::stop_token& stop_;
  std::size_t knobs_;
  Examples made_;                 // as drawn, with what the encoder hears of the inputs
  std::vector<float> reference_;  // [count x embedding]
  std::vector<State> state_;
  std::string failure_;
  std::mutex mutex_;
};

}  // namespace

Examples make_examples(const std::vector<ClipPair>& clips, Rigs& rigs, const SettingsSpace& space,
                       const Encoder& encoder, const ExampleOptions& options, const Progress& progress,
                       const std::stop_token& stop) {
  std::filesystem::path file;
  if (!options.cache.empty()) {
    std::filesystem::create_directories(options.cache);
    file = options.cache / (cache_key(clips, rigs, space, encoder, options) + ".examples");
    if (auto cached = read(file, space.free().size(), encoder.size(), clips.size())) return *std::move(cached);
  }
  Examples made = Making(clips, rigs, space, encoder, options, progress, stop).make();
  if (!file.empty()) write(file, made);
  return made;
}

}  // namespace soundalike::training
