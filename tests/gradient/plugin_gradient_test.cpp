#include <doctest/doctest.h>

#include <cmath>
#include <utility>

#include "gradient/functions.hpp"
#include "render/rig.hpp"
#include "soundalike/settings_space.hpp"

// Gradients of a loss behind real plugins, at the steps of their profiles.

using namespace rig;

namespace {

using functions::GradientCosts;
using functions::GradientExample;
using functions::GradientKnob;
using functions::GradientProbe;

constexpr std::size_t examples = 6;

/// Some recordings through an effect at random settings, against the same recordings at other settings.
struct Task {
  explicit Task(const EffectListing& listing) : renderer({listing}, mono, {.workers = 2}) {
    const Profile profile = find_profile(listing);
    const SettingsSpace space({&listing, 1}, {&profile, 1});
    knobs.resize(space.parameters().size(), GradientKnob{.moves = false});
    for (const auto& knob : space.free()) knobs[knob.parameter] = {.moves = true, .step = double{knob.step}};
    Rng rng(11);
    const auto random_settings = [&] {
      std::vector<double> point(space.free().size());
      for (double& x : point) x = rng.uniform(0.1, 0.9);
      return space.expand(point);
    };
    for (std::size_t i = 0; i < examples; ++i) {
      clips.push_back(renderer.add_clip(noise(12000, i)));
      settings.push_back(random_settings());
      targets.push_back(random_settings());
    }
    for (std::size_t i = 0; i < examples; ++i) batch.push_back({settings[i], i});
    const auto output = render(settings);
    target = render(targets);
    for (std::size_t i = 0; i < examples; ++i) {
      upstream.emplace_back();
      for (std::size_t n = 0; n < output[i].size(); ++n) {
        upstream[i].push_back((output[i][n] - target[i][n]) / static_cast<float>(output[i].size()));
      }
    }
  }

  std::vector<std::vector<float>> render(const std::vector<std::vector<float>>& all) {
    std::vector<BatchRenderer::Job> jobs;
    for (std::size_t i = 0; i < all.size(); ++i) jobs.push_back({clips[i], all[i]});
    std::vector<std::vector<float>> outputs;
    for (const RenderResult& result : renderer.render(jobs)) {
      REQUIRE(result.outcome.usable());
      outputs.emplace_back(result.audio.samples().begin(), result.audio.samples().end());
    }
    return outputs;
  }

  template <class Cost>  // (example, audio) -> number
  GradientCosts costs(Cost cost) {
    return [this, cost](std::span<const GradientProbe> probes, std::span<double> found) {
      std::vector<BatchRenderer::Job> jobs;
      for (const GradientProbe& probe : probes) jobs.push_back({clips[probe.example], probe.settings});
      renderer.render(jobs, [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
        if (outcome.usable()) found[job] = cost(probes[job].example, audio.channel(0));
      });
    };
  }

  /// Half the mean square error to the target, of which `upstream` is the gradient at the output.
  double loss(std::size_t example, std::span<const float> audio) const {
    double sum = 0.0;
    for (std::size_t n = 0; n < audio.size(); ++n) sum += std::pow(double{audio[n]} - double{target[example][n]}, 2);
    return 0.5 * sum / static_cast<double>(audio.size());
  }

  BatchRenderer renderer;
  std::vector<GradientKnob> knobs;
  std::vector<BatchRenderer::ClipId> clips;
  std::vector<std::vector<float>> settings, targets, target, upstream;
  std::vector<GradientExample> batch;
};

double cosine(std::span<const float> a, std::span<const float> b) {
  const double norms = std::sqrt(project(a, a) * project(b, b));
  return norms > 0.0 ? project(a, b) / norms : 0.0;
}

double norm_ratio(std::span<const float> a, std::span<const float> b) {
  return std::sqrt(project(a, a) / project(b, b));
}

}  // namespace

TEST_CASE("through_a_real_plugin_spsa_agrees_with_finite_differences") {
  for (const char* name : {"MDA Overdrive", "MDA Combo"}) {
    const auto listing = find(name);
    if (!listing) {
      MESSAGE("skipped, not installed: " << name);
      continue;
    }
    CAPTURE(name);
    Task task(*listing);
    const auto projected = task.costs(
        [&](std::size_t example, std::span<const float> audio) { return project(task.upstream[example], audio); });
    const auto central = make_gradient_estimator("central", {.knobs = task.knobs});
    // Two or four pairs are all there are for two or three knobs, so nothing is left to chance.
    const auto spsa = make_gradient_estimator("spsa", {.knobs = task.knobs, .perturbations = 16});
    const auto exact = estimate_gradients(*central, task.batch, 0, projected);
    const auto estimate = estimate_gradients(*spsa, task.batch, 0, projected);
    const auto loss =
        task.costs([&](std::size_t example, std::span<const float> audio) { return task.loss(example, audio); });
    const auto of_loss = estimate_gradients(*central, task.batch, 0, loss);
    CHECK(exact.failed.empty());
    CHECK(estimate.failed.empty());
    for (std::size_t i = 0; i < examples; ++i) {
      CAPTURE(i);
      CHECK(cosine(estimate.of(i), exact.of(i)) > 0.98);  // the knobs interact within a step
      CHECK(norm_ratio(estimate.of(i), exact.of(i)) == doctest::Approx(1.0).epsilon(0.1));
      // The product with the upstream gradient is the difference of the loss itself.
      CHECK(cosine(of_loss.of(i), exact.of(i)) > 0.99);
      CHECK(norm_ratio(of_loss.of(i), exact.of(i)) == doctest::Approx(1.0).epsilon(0.1));
    }
  }
}

TEST_CASE("both_sides_of_equal_settings_cost_the_same_to_the_bit") {
  const auto listing = find("MDA Leslie");  // starts its oscillators anywhere where renders are not pure
  if (!listing) {
    MESSAGE("skipped, not installed: MDA Leslie");
    return;
  }
  Task task(*listing);
  std::vector<double> costs(12);
  std::vector<GradientProbe> probes(12);
  for (std::size_t p = 0; p < probes.size(); ++p) probes[p] = {p % examples, task.settings[p % examples], {}};
  task.costs([&](std::size_t example, std::span<const float> audio) { return project(task.upstream[example], audio); })(
      probes, costs);
  for (std::size_t i = 0; i < examples; ++i) CHECK(costs[i] == costs[i + examples]);
}
