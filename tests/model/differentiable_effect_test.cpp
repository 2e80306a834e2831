#include "soundalike/differentiable_effect.hpp"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "fixtures/errors.hpp"
#include "fixtures/signals.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/gradient.hpp"

using namespace soundalike;

namespace {

constexpr SampleRate rate{24000};

struct Range {
  double low, high;
  bool logarithmic = false;
  at::Tensor plain(const at::Tensor& setting) const {
    return logarithmic ? low * torch::exp(setting * std::log(high / low)) : low + (high - low) * setting;
  }
};

/// An effect with its knobs' ranges, and the loss of a place against another.
struct Task {
  std::string name;
  std::vector<Range> ranges;

  const DifferentiableEffect& effect() const { return find_differentiable_effect(name); }
  at::Tensor plain(const at::Tensor& settings) const {
    std::vector<at::Tensor> columns;
    for (std::size_t k = 0; k < ranges.size(); ++k) {
      columns.push_back(ranges[k].plain(settings.select(1, static_cast<std::int64_t>(k))));
    }
    return torch::stack(columns, 1);
  }
  /// Half the mean square difference to the sound of all settings at 0.5; [batch].
  at::Tensor loss(const at::Tensor& settings) const {
    const auto target = effect().render(dry(1), plain(torch::full({1, knobs()}, 0.5, at::kDouble)), rate);
    return 0.5 * (effect().render(dry(settings.size(0)), plain(settings), rate) - target).square().mean(1);
  }
  std::int64_t knobs() const { return static_cast<std::int64_t>(ranges.size()); }
  /// Noise that swells and fades, so that a compressor has work.
  static at::Tensor dry(std::int64_t batch) {
    const auto audio = noise(6000, rate.hz, 1, 0.8);
    auto out = torch::empty({1, 6000}, at::kDouble);
    for (std::int64_t i = 0; i < 6000; ++i) {
      out[0].data_ptr<double>()[i] = double{audio.channel(0)[static_cast<std::size_t>(i)]} *
                                     (0.55 + 0.45 * std::sin(0.004 * static_cast<double>(i)));
    }
    return out.expand({batch, -1}).contiguous();
  }
};

std::vector<Task> tasks() {
  const Range gain{-18, 18};
  return {{"eq",
           {{30, 500, true},
            gain,
            {100, 4000, true},
            gain,
            {0.3, 10, true},
            {500, 11000, true},
            gain,
            {0.3, 10, true},
            {1500, 11000, true},
            gain}},
          {"compressor", {{-60, 0}, {1, 20, true}, {0, 24}, {0.1, 200, true}, {5, 2000, true}, {0, 24}, {0, 100}}}};
}

/// Away from 0.5 everywhere, where the loss has its minimum.
std::vector<float> place(const Task& task) {
  std::vector<float> settings;
  for (std::size_t k = 0; k < task.ranges.size(); ++k) settings.push_back(0.3f + 0.05f * static_cast<float>(k % 3));
  return settings;
}

at::Tensor exact_gradient(const Task& task, const std::vector<float>& at) {
  const auto settings = torch::tensor(at).to(at::kDouble).unsqueeze(0).requires_grad_();
  return torch::autograd::grad({task.loss(settings).sum()}, {settings})[0].squeeze(0);
}

at::Tensor estimated_gradient(const Task& task, const std::vector<float>& at, std::string_view method, double step,
                              std::size_t perturbations) {
  const torch::NoGradGuard guard;
  const auto estimator = make_gradient_estimator(
      method, {.knobs = std::vector<GradientKnob>(at.size(), {.step = step}), .perturbations = perturbations});
  const GradientExample example{at, 0};
  const auto gradients = estimate_gradients(
      *estimator, {&example, 1}, 0, [&](std::span<const GradientProbe> probes, std::span<double> costs) {
        auto settings = torch::empty({static_cast<std::int64_t>(probes.size()), task.knobs()});
        for (std::size_t p = 0; p < probes.size(); ++p) {
          std::copy(probes[p].settings.begin(), probes[p].settings.end(),
                    settings.data_ptr<float>() + p * probes[p].settings.size());
        }
        const auto losses = task.loss(settings.to(at::kDouble));
        std::copy_n(losses.data_ptr<double>(), costs.size(), costs.begin());
      });
  return torch::tensor(gradients.values).to(at::kDouble);
}

double relative_error(const at::Tensor& estimate, const at::Tensor& exact) {
  return ((estimate - exact).norm() / exact.norm()).item<double>();
}

}  // namespace

TEST_CASE("gradient_estimators_find_autograds_gradient") {
  for (const Task& task : tasks()) {
    CAPTURE(task.name);
    const auto at = place(task);
    const auto exact = exact_gradient(task, at);
    REQUIRE((exact.abs() > 0.0).all().item<bool>());
    const double fine = relative_error(estimated_gradient(task, at, "central", 1e-3, 1), exact);
    const double usual = relative_error(estimated_gradient(task, at, "central", 1e-2, 1), exact);
    // What one estimate by 8 perturbations may be off at most: three times its root mean square error.
    const double bound = 3.0 * std::sqrt((static_cast<double>(task.knobs()) - 1.0) / 8.0);
    const double random = relative_error(estimated_gradient(task, at, "spsa", 1e-3, 8), exact);
    MESSAGE(task.name, ": central ", fine, " at step 0.001, ", usual, " at 0.01; spsa, 8 perturbations: ", random);
    CHECK(fine < 1e-3);
    CHECK(usual < 1e-2);
    CHECK(random < bound);
  }
}

TEST_CASE("all_pairs_of_spsa_together_are_autograds_gradient") {
  const Task compressor = tasks()[1];
  const auto at = place(compressor);
  const auto estimate = estimated_gradient(compressor, at, "spsa", 1e-3, 64);  // 7 knobs have no more
  CHECK(relative_error(estimate, exact_gradient(compressor, at)) < 1e-2);
}

TEST_CASE("an_eq_without_gain_and_a_compressor_without_ratio_change_nothing") {
  const auto dry = Task::dry(1);
  const auto flat = torch::tensor({{100.0, 0.0, 500.0, 0.0, 1.0, 2000.0, 0.0, 1.0, 5000.0, 0.0}}, at::kDouble);
  CHECK((find_differentiable_effect("eq").render(dry, flat, rate) - dry).abs().max().item<double>() < 1e-12);
  const auto one_to_one = torch::tensor({{-40.0, 1.0, 6.0, 5.0, 100.0, 0.0, 100.0}}, at::kDouble);
  CHECK((find_differentiable_effect("compressor").render(dry, one_to_one, rate) - dry).abs().max().item<double>() <
        1e-12);
}

TEST_CASE("levels_are_those_of_the_curves") {
  // 10 dB over the threshold at 4 : 1 are 7.5 dB less, once the detector is there.
  const auto steady = torch::full({1, 24000}, 0.1, at::kDouble);
  const auto knobs = torch::tensor({{-30.0, 4.0, 0.0, 1.0, 5.0, 0.0, 100.0}}, at::kDouble);
  const auto squeezed = find_differentiable_effect("compressor").render(steady, knobs, rate);
  CHECK(20.0 * std::log10(squeezed[0][23999].item<double>() / 0.1) == doctest::Approx(-7.5).epsilon(1e-6));
  // A peak of 6 dB at 1 kHz, and nothing far from it.
  const auto peak = torch::tensor({{30.0, 0.0, 1000.0, 6.0, 4.0, 5000.0, 0.0, 1.0, 9000.0, 0.0}}, at::kDouble);
  for (const auto& [hz, db] : {std::pair{1000.0, 6.0}, std::pair{50.0, 0.0}}) {
    const auto tone = torch::sin(torch::arange(24000, at::kDouble) * (2.0 * M_PI * hz / rate.hz)).unsqueeze(0);
    const auto wet = find_differentiable_effect("eq").render(tone, peak, rate);
    const auto power = [](const at::Tensor& x) { return x.narrow(1, 12000, 12000).square().mean().item<double>(); };
    CHECK(std::abs(10.0 * std::log10(power(wet) / power(tone)) - db) < 0.005);
  }
}

TEST_CASE("the_built_in_effects_sound_the_same") {
  const EffectLibrary library(EffectLibrary::Options{.use_cache = false, .lv2_path = "/nowhere"});
  for (const Task& task : tasks()) {
    const auto& listings = library.listings();
    const auto found = std::ranges::find(listings, "builtin:" + task.name, [](const auto& l) { return l.info.id; });
    if (found == listings.end()) {
      MESSAGE("skipped: no effect builtin:" << task.name);
      continue;
    }
    CAPTURE(task.name);
    const auto effect = library.open("builtin:" + task.name, {rate, 1});
    const auto audio = Task::dry(1).to(at::kFloat);
    AudioBuffer dry(1, 6000, rate);
    std::copy_n(audio.data_ptr<float>(), 6000, dry.channel(0).begin());
    const auto parameters = task.effect().parameters;
    REQUIRE(effect->parameters().size() == parameters.size());
    std::vector<float> settings, plain;
    for (std::size_t k = 0; k < parameters.size(); ++k) {
      CHECK(effect->parameters()[k].id == parameters[k]);
      settings.push_back(place(task)[k]);
      plain.push_back(effect->parameters()[k].to_plain(settings[k]));
    }
    const AudioBuffer wet = effect->render(dry, settings);
    const auto own = task.effect().render(audio, torch::tensor(plain).unsqueeze(0), rate);
    double most = 0.0;
    for (std::size_t i = 0; i < 6000; ++i) {
      most = std::max(most, std::abs(double{wet.channel(0)[i]} - double{own.data_ptr<float>()[i]}));
    }
    CHECK(most < 1e-5);
  }
}

TEST_CASE("wrong_shapes_and_names_are_refused") {
  CHECK(thrown_by([] { find_differentiable_effect("flanger"); }).says("known: eq, compressor"));
  for (const auto& effect : differentiable_effects()) {
    CHECK(thrown_by([&] { effect.render(torch::zeros({1, 100}), torch::zeros({1, 3}), rate); }).says("effect '"));
    CHECK(thrown_by([&] { effect.render(torch::zeros({100}), torch::zeros({1, 10}), rate); }).says("effect '"));
  }
}
