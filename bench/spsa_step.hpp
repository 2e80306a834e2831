#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <thread>

#include "measure.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/gradient.hpp"
#include "soundalike/mrstft.hpp"
#include "soundalike/render_groups.hpp"

namespace soundalike::bench {

inline constexpr std::size_t frames = 131072;
inline constexpr std::size_t batch = 12;
inline const RenderSetup setup{SampleRate{24000}, 1};

/// One step of learning through a plugin, in several ways.
class Step {
 public:
  explicit Step(const std::string& name)
      : effect_(library_.open(name, setup)), renderer_({library_.find(name)}, setup) {
    Rng rng(1);
    GradientOptions how{.seed = 1};
    for (std::size_t k = 0; k < effect_->parameters().size(); ++k) how.knobs.push_back({.step = 0.03});
    spsa_ = make_gradient_estimator("spsa", how);
    for (std::size_t i = 0; i < batch; ++i) {
      clips_.push_back(make_music(1, static_cast<double>(frames) / setup.sample_rate.hz, setup.sample_rate, i));
      ids_.push_back(renderer_.add_clip(clips_.back()));
      predicted_.emplace_back();
      true_.emplace_back();
      for (std::size_t k = 0; k < how.knobs.size(); ++k) {
        predicted_.back().push_back(static_cast<float>(rng.uniform()));
        true_.back().push_back(static_cast<float>(rng.uniform()));
      }
    }
    for (std::size_t i = 0; i < batch; ++i) examples_.push_back({predicted_[i], i});
  }

  // What soundalike does: the target and all perturbations of each example in one call, compared as soon as they are
  // there.
  void together() {
    estimate_gradients(*spsa_, examples_, 0, [&](std::span<const GradientProbe> probes, std::span<double> costs) {
      const std::vector<std::size_t> sizes(batch, 3);
      RenderGroups groups(sizes, [&](std::size_t i, std::span<const RenderResult> renders) {
        const std::array<AudioView, 2> sides{renders[1].audio, renders[2].audio};
        std::ranges::copy(mrstft(sides, renders[0].audio, MrstftOptions::auraloss()), costs.begin() + 2 * i);
      });
      renderer_.render(all_jobs(probes), groups.consumer());
    });
  }

  // The original: forward, two perturbations of the settings and two of the signal, one after the other, and the
  // target.
  void one_by_one() {
    double sum = 0.0;
    for (std::size_t i = 0; i < batch; ++i) {
      const SerialRenders renders = render_serially(i);
      const std::array<AudioView, 3> estimates{renders.prediction, renders.sides[0], renders.sides[1]};
      for (const double loss : mrstft(estimates, renders.target, MrstftOptions::auraloss())) sum += loss;
    }
    if (!(sum > 0.0)) throw std::runtime_error("equal renders");
  }

  struct SerialRenders {
    AudioBuffer target, prediction;
    std::array<AudioBuffer, 2> sides;  // of the perturbation of the settings
  };
  // The original's renders of one example, with the two of the signal that nobody uses.
  SerialRenders render_serially(std::size_t i) {
    const auto probes = spsa_->probes(examples_, 0);
    SerialRenders out{effect_->render(clips_[i], true_[i]), effect_->render(clips_[i], predicted_[i]), {}};
    for (std::size_t side = 0; side < 2; ++side) {
      out.sides[side] = effect_->render(clips_[i], probes[2 * i + side].settings);
      effect_->render(clips_[i], predicted_[i]);
    }
    return out;
  }

  // The parts by themselves, on as many threads as there are workers.
  void renders_alone() {
    renderer_.render(all_jobs(spsa_->probes(examples_, 0)), [](std::size_t, const RenderOutcome&, AudioView) {});
  }
  void losses_alone() { losses_alone(renderer_.workers()); }
  void losses_alone(std::size_t count) {
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < count; ++t) {
      threads.emplace_back([&] {
        for (std::size_t i = next++; i < batch; i = next++) {
          const AudioView clip = clips_[i];
          const std::array<AudioView, 2> sides{clip, clip};
          mrstft(sides, clip, MrstftOptions::auraloss());
        }
      });
    }
  }

 private:
  // Example after example: its target, its two probes.
  std::vector<BatchRenderer::Job> all_jobs(std::span<const GradientProbe> probes) const {
    probes_.assign(probes.begin(), probes.end());
    std::vector<BatchRenderer::Job> jobs;
    for (std::size_t i = 0; i < batch; ++i) {
      jobs.push_back({ids_[i], true_[i]});
      for (std::size_t side = 0; side < 2; ++side) jobs.push_back({ids_[i], probes_[2 * i + side].settings});
    }
    return jobs;
  }

  EffectLibrary library_;
  std::unique_ptr<Effect> effect_;
  BatchRenderer renderer_;
  std::unique_ptr<GradientEstimator> spsa_;
  std::vector<AudioBuffer> clips_;
  std::vector<BatchRenderer::ClipId> ids_;
  std::vector<std::vector<float>> predicted_, true_;
  std::vector<GradientExample> examples_;
  mutable std::vector<GradientProbe> probes_;  // what jobs look at
};

}  // namespace soundalike::bench
