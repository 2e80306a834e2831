// One step of learning through a plugin: all renders of a batch in one BatchRenderer call, each compared as it arrives,
// against (a) the original's way, a serial loop of five renders per example and one comparison after the other, and (b)
// the sum of its parts spread over the cores. In turns within one run; the figures are ratios of medians.
//
//   spsa_bench [effect] [rounds]      prints one JSON object
#include <atomic>
#include <memory>
#include <thread>

#include "measure.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/gradient.hpp"
#include "soundalike/mrstft.hpp"

using namespace soundalike;
using namespace soundalike::bench;

namespace {

constexpr std::size_t frames = 131072;
constexpr std::size_t batch = 12;
const RenderSetup setup{SampleRate{24000}, 1};

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
    targets_ = render_targets();
  }

  // What soundalike does: perturbations and the targets of the next step in one call.
  void together() {
    std::vector<std::unique_ptr<const Mrstft>> next(batch);
    estimate_gradients(*spsa_, examples_, 0, [&](std::span<const GradientProbe> probes, std::span<double> costs) {
      const auto jobs = all_jobs(probes);
      renderer_.render(jobs, [&](std::size_t j, const RenderOutcome&, AudioView audio) {
        if (j < probes.size())
          costs[j] = targets_[probes[j].example]->distance(audio);
        else
          next[j - probes.size()] = std::make_unique<Mrstft>(audio, MrstftOptions::auraloss());
      });
    });
  }

  // The original: forward, two perturbations of the settings and two of the signal, one after the other, and the
  // target.
  void one_by_one() {
    double sum = 0.0;
    const auto probes = spsa_->probes(examples_, 0);
    for (std::size_t i = 0; i < batch; ++i) {
      const Mrstft target(effect_->render(clips_[i], true_[i]), MrstftOptions::auraloss());
      sum += target.distance(effect_->render(clips_[i], predicted_[i]));
      for (std::size_t side = 0; side < 2; ++side) {
        sum += target.distance(effect_->render(clips_[i], probes[2 * i + side].settings));
        effect_->render(clips_[i], predicted_[i]);
      }
    }
    if (!(sum > 0.0)) throw std::runtime_error("equal renders");
  }

  // The parts by themselves, on as many threads as there are workers.
  void renders_alone() {
    renderer_.render(all_jobs(spsa_->probes(examples_, 0)), [](std::size_t, const RenderOutcome&, AudioView) {});
  }
  void losses_alone() {
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < renderer_.workers(); ++t) {
      threads.emplace_back([&] {
        for (std::size_t j = next++; j < 3 * batch; j = next++) {
          const auto& clip = clips_[j % batch];
          if (j < 2 * batch)
            targets_[j % batch]->distance(clip);
          else
            const Mrstft target(clip, MrstftOptions::auraloss());
        }
      });
    }
  }

 private:
  std::vector<BatchRenderer::Job> all_jobs(std::span<const GradientProbe> probes) const {
    probes_.assign(probes.begin(), probes.end());
    std::vector<BatchRenderer::Job> jobs;
    for (const auto& probe : probes_) jobs.push_back({ids_[probe.example], probe.settings});
    for (std::size_t i = 0; i < batch; ++i) jobs.push_back({ids_[i], true_[i]});
    return jobs;
  }
  std::vector<std::unique_ptr<const Mrstft>> render_targets() {
    std::vector<BatchRenderer::Job> jobs;
    for (std::size_t i = 0; i < batch; ++i) jobs.push_back({ids_[i], true_[i]});
    std::vector<std::unique_ptr<const Mrstft>> targets(batch);
    renderer_.render(jobs, [&](std::size_t j, const RenderOutcome&, AudioView audio) {
      targets[j] = std::make_unique<Mrstft>(audio, MrstftOptions::auraloss());
    });
    return targets;
  }

  EffectLibrary library_;
  std::unique_ptr<Effect> effect_;
  BatchRenderer renderer_;
  std::unique_ptr<GradientEstimator> spsa_;
  std::vector<AudioBuffer> clips_;
  std::vector<BatchRenderer::ClipId> ids_;
  std::vector<std::vector<float>> predicted_, true_;
  std::vector<GradientExample> examples_;
  std::vector<std::unique_ptr<const Mrstft>> targets_;
  mutable std::vector<GradientProbe> probes_;  // what jobs look at
};

}  // namespace

int main(int argc, char** argv) {
  return run_bench("spsa_bench", [&] {
    const std::string name = argc > 1 ? argv[1] : "MDA Overdrive";
    const int rounds = rounds_from(argc, argv, 2, 9);
    flush_to_zero();
    Step step(name);
    std::vector<double> together, serial, renders, losses;
    for (int round = 0; round < rounds; ++round) {
      together.push_back(seconds_of([&] { step.together(); }));
      serial.push_back(seconds_of([&] { step.one_by_one(); }));
      renders.push_back(seconds_of([&] { step.renders_alone(); }));
      losses.push_back(seconds_of([&] { step.losses_alone(); }));
    }
    const double parts = median(renders) + median(losses);
    return nlohmann::ordered_json{{"effect", name},
                                  {"batch", batch},
                                  {"frames", frames},
                                  {"step_ms", 1e3 * median(together)},
                                  {"serial_ms", 1e3 * median(serial)},
                                  {"renders_ms", 1e3 * median(renders)},
                                  {"losses_ms", 1e3 * median(losses)},
                                  {"times_faster_than_serial", median(serial) / median(together)},
                                  {"over_sum_of_parts", median(together) / parts - 1.0}};
  });
}
