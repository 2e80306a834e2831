#include "train/encoder_episodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "soundalike/batch_renderer.hpp"
#include "soundalike/consensus.hpp"
#include "soundalike/corpus.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/recording_store.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike::training {
namespace {

constexpr SampleRate rate{24000.0};
constexpr double effect_input_lufs = -18.0;  // what the matcher feeds effects with
constexpr double shortest_half = 1.2;
constexpr double shortest_clip = 0.1;
constexpr double longest_clip = 5.5;
constexpr std::size_t tries = 200;

using Sketch = RenderSketcher::Sketch;

/// The halves of a recording, or all of it, as effects are fed with them; nothing when it is too short or silent.
std::vector<AudioBuffer> clips_of(const AudioBuffer& audio, std::size_t count) {
  const double lufs = audio.seconds() < shortest_clip ? -HUGE_VAL : measure_lufs(audio);
  if (!std::isfinite(lufs)) return {};
  std::vector<AudioBuffer> out;
  if (count == 1) {
    out.emplace_back(active_excerpt(audio, longest_clip));
  } else if (const auto cut = halves(audio, {.minimum_seconds = shortest_half})) {
    out.emplace_back(active_excerpt(cut->first, longest_clip));
    out.emplace_back(active_excerpt(cut->second, longest_clip));
  }
  const auto gain = static_cast<float>(std::pow(10.0, (effect_input_lufs - lufs) / 20.0));
  for (AudioBuffer& clip : out) {
    for (float& x : clip.samples()) x *= gain;
  }
  return out;
}

class Renders {
 public:
  Renders(const EpisodeOptions& options, const FrontEndChoice& front_end)
      : options_(options), input_(front_end), sketcher_(rate) {}

  Episode episode(std::uint64_t index, const std::stop_token& stop) {
    Rng rng = Rng::derive(options_.seed, 0x657069736f6465, index);
    Episode out;
    sketches_.assign(options_.recordings, {});
    const auto clips = draw_clips(rng);
    add_setting();
    out.effects.emplace_back("dry");
    for (std::size_t r = 0; r < clips.size(); ++r) {
      for (std::size_t h = 0; h < clips[r].size(); ++h) {
        out.examples.push_back({tensor_of(clips[r][h]), 0, r, h});
        if (h == 0 && options_.differences) sketches_[r][0] = sketcher_.sketch(clips[r][h]);
      }
    }
    for (std::size_t e = 0; e < options_.effects_per_episode && !options_.effects.empty(); ++e) {
      add_effect(options_.effects[rng.below(options_.effects.size())], clips, out, rng, stop);
    }
    if (options_.differences) out.difference = differences();
    return out;
  }

 private:
  std::vector<std::vector<AudioBuffer>> draw_clips(Rng& rng) {
    std::vector<std::vector<AudioBuffer>> out;
    for (std::size_t i = 0; i < tries && out.size() < options_.recordings; ++i) {
      const auto audio = recordings_.read(options_.files[rng.below(options_.files.size())], 0, SIZE_MAX);
      auto clips = audio ? clips_of(*audio, options_.halves) : std::vector<AudioBuffer>{};
      if (clips.empty()) continue;
      if (rng.uniform() < 0.5) std::swap(clips.front(), clips.back());
      out.push_back(std::move(clips));
    }
    if (out.size() < options_.recordings) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("cannot train on these recordings: of {} drawn, {} are readable, not silent and long "
                              "enough ({} s); {} are "
                              "needed",
                              tries, out.size(), options_.halves == 1 ? shortest_clip : 2.0 * shortest_half,
                              options_.recordings));
    }
    return out;
  }

  void add_effect(const EffectListing& effect, const std::vector<std::vector<AudioBuffer>>& clips, Episode& out,
                  Rng& rng, const std::stop_token& stop) {
    const SettingsSpace space(std::vector{effect}, std::vector{find_profile(effect)});
    std::vector<std::vector<float>> settings(options_.settings);
    for (auto& s : settings) {
      std::vector<double> point(space.free().size());
      for (double& x : point) x = rng.uniform();
      s = space.expand(point);
    }
    std::optional<BatchRenderer> renderer;
    try {
      renderer.emplace(std::vector{effect}, RenderSetup{rate, 1},
                       RendererOptions{.workers = options_.workers, .deadline_seconds = 5.0});
    } catch (const Error&) {
      return;  // this effect cannot be used here; the others can
    }
    std::vector<EpisodeExample> examples;
    std::vector<BatchRenderer::Job> jobs;
    const std::size_t first = out.effects.size();
    for (std::size_t r = 0; r < clips.size(); ++r) {
      for (std::size_t h = 0; h < clips[r].size(); ++h) {
        const auto clip = renderer->add_clip(clips[r][h]);
        for (std::size_t s = 0; s < settings.size(); ++s) {
          jobs.push_back({clip, settings[s]});
          examples.push_back({{}, first + s, r, h});
        }
      }
    }
    for (std::size_t s = 0; s < settings.size(); ++s) {
      out.effects.push_back(effect.info.name);
      add_setting();
    }
    renderer->render(
        jobs,
        [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
          if (outcome.status != RenderStatus::ok) return;
          EpisodeExample& example = examples[job];
          example.input = tensor_of(audio);
          if (example.half == 0 && options_.differences) {
            sketches_[example.recording][example.setting] = sketcher_.sketch(audio);
          }
        },
        stop);
    for (EpisodeExample& example : examples) {
      if (example.input.defined()) out.examples.push_back(std::move(example));
    }
  }

  void add_setting() {
    for (auto& recording : sketches_) recording.emplace_back();
  }

  at::Tensor tensor_of(AudioView audio) const {
    const std::vector<float> values = input_.of(audio);
    std::vector<std::int64_t> shape;
    for (const auto size : input_.shape()) shape.push_back(static_cast<std::int64_t>(size));
    const at::Tensor out = torch::empty(shape);
    std::copy(values.begin(), values.end(), out.data_ptr<float>());
    return options_.half_precision ? out.to(torch::kHalf) : out;
  }

  at::Tensor differences() const {
    const std::size_t count = sketches_[0].size();
    const auto n = static_cast<std::int64_t>(count);
    at::Tensor out = torch::full({n, n}, std::numeric_limits<float>::quiet_NaN());
    auto at = out.accessor<float, 2>();
    for (std::size_t a = 0; a < count; ++a) {
      at[static_cast<std::int64_t>(a)][static_cast<std::int64_t>(a)] = 0.0f;
      for (std::size_t b = 0; b < a; ++b) {
        double sum = 0.0;
        std::size_t heard = 0;
        for (const auto& sketches : sketches_) {
          if (sketches[a].empty() || sketches[b].empty()) continue;
          sum += RenderSketcher::difference(sketches[a], sketches[b]);
          ++heard;
        }
        if (heard == 0) continue;
        const auto mean = static_cast<float>(sum / static_cast<double>(heard));
        at[static_cast<std::int64_t>(a)][static_cast<std::int64_t>(b)] = mean;
        at[static_cast<std::int64_t>(b)][static_cast<std::int64_t>(a)] = mean;
      }
    }
    return out;
  }

  const EpisodeOptions& options_;
  RecordingStore recordings_{{.sample_rate = rate}};  // drawn again and again
  EncoderInput input_;
  RenderSketcher sketcher_;
  std::vector<std::vector<Sketch>> sketches_;  // [recording][setting], first halves; empty: not rendered
};

}  // namespace

std::vector<Episode> render_episodes(const EpisodeOptions& options, const FrontEndChoice& front_end,
                                     const Progress& progress, const std::stop_token& stop) {
  if (options.files.empty()) {
    throw Error(ErrorCode::invalid_argument, "cannot train an encoder: no recordings of the split it needs");
  }
  if (options.effects.empty() && options.differences) {
    throw Error(ErrorCode::invalid_argument, "cannot train an encoder to tell effects apart: no effects given");
  }
  Renders renders(options, front_end);
  std::vector<Episode> out;
  for (std::size_t i = 0; i < options.episodes; ++i) {
    if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped while rendering examples");
    if (progress) progress({"rendering examples", i, options.episodes, {}});
    out.push_back(renders.episode(i, stop));
  }
  if (progress) progress({"rendering examples", options.episodes, options.episodes, {}});
  return out;
}

}  // namespace soundalike::training
