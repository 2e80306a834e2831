#pragma once

#include <Eigen/Dense>

#include <cmath>
#include <vector>

#include "effect/test_plugins.hpp"
#include "fixtures/signals.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/matcher.hpp"
#include "soundalike/rng.hpp"

/// Noise in bursts; another `seed` is other content.
inline soundalike::AudioBuffer bursts(std::uint64_t seed, double seconds = 1.0) {
  soundalike::AudioBuffer audio = noise(static_cast<std::size_t>(seconds * 24000.0), 24000.0, 2, 0.4, seed);
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t i = 0; i < audio.frames(); ++i) {
      const double t = static_cast<double>(i) / 24000.0 * (5.0 + static_cast<double>(seed % 5));
      audio.channel(c)[i] *= static_cast<float>(std::exp(-4.0 * (t - std::floor(t))));
    }
  }
  return audio;
}

/// The style distance's own description as an embedding.
inline soundalike::Checkpoint style_encoder() {
  soundalike::Checkpoint out{.kind = "encoder", .name = "plain-style", .front_end = soundalike::style_front_end()};
  out.blocks["encode"] = {{64}, {{.kind = "flatten"}}};
  return soundalike::parse_checkpoint(soundalike::serialise(out), "encoder");
}

/// The knobs that a match on the test plugin "places" is about here: how hard it distorts, and a tone in five steps.
inline soundalike::MatchOptions places_options(std::size_t budget) {
  soundalike::MatchOptions options;
  options.budget = budget;
  options.pinned = {{"time", "0"}, {"mix", "1"}, {"mute", "off"}};
  return options;
}

/// A controller of the test plugin "places" learnt by ridge regression from embeddings of 240 renders of 12 contents
/// with random drive (0 to 0.6) and steps; `seed` decides on which. Its spread is the error that is left.
inline soundalike::Checkpoint learn_places(std::uint64_t seed) {
  using namespace soundalike;
  const std::vector<EffectListing> chain{test_plugin("places")};
  const Encoder encoder(style_encoder());
  BatchRenderer renderer(chain, {SampleRate{24000}, 2}, {.workers = 2});
  Matcher matcher(chain);
  const SettingsSpace space = matcher.space(places_options(1));
  constexpr Eigen::Index per_content = 20;
  constexpr Eigen::Index contents = 12;
  const Eigen::Index inputs = 2 * static_cast<Eigen::Index>(encoder.size()) + 1;
  Eigen::MatrixXd x(contents * per_content, inputs);
  Eigen::MatrixXd y(contents * per_content, 2);
  Rng rng(seed);
  Eigen::Index row = 0;
  for (Eigen::Index i = 0; i < contents; ++i) {
    const auto input = encoder.encode(bursts(seed + 1000 + static_cast<std::uint64_t>(i)));
    const auto clip = renderer.add_clip(bursts(seed + 2000 + static_cast<std::uint64_t>(i)));
    std::vector<std::vector<float>> settings;
    std::vector<BatchRenderer::Job> jobs;
    for (Eigen::Index k = 0; k < per_content; ++k) {
      const double drive = rng.uniform(0.0, 0.6);
      const double steps = rng.uniform();
      settings.push_back(space.expand(std::vector{drive, steps}));
      // What the regression aims at: where the sigmoid of a controller gives the setting.
      y(row + k, 0) = std::log(drive / 0.6 + 1e-2) - std::log(1.0 - drive / 0.6 + 1e-2);
      y(row + k, 1) = std::log(steps + 1e-2) - std::log(1.0 - steps + 1e-2);
    }
    for (const auto& s : settings) jobs.push_back({clip, s});
    const auto renders = renderer.render(jobs);
    for (const auto& render : renders) {
      const auto reference = encoder.encode(render.audio);
      for (std::size_t j = 0; j < encoder.size(); ++j) {
        x(row, static_cast<Eigen::Index>(j)) = input[j];
        x(row, static_cast<Eigen::Index>(encoder.size() + j)) = reference[j];
      }
      x(row, inputs - 1) = 1.0;
      ++row;
    }
  }
  const Eigen::MatrixXd normal = x.transpose() * x + 3.0 * Eigen::MatrixXd::Identity(inputs, inputs);
  const Eigen::MatrixXd w = normal.ldlt().solve(x.transpose() * y);  // [inputs x 2]

  Checkpoint out{.kind = "controller", .name = "places-linear", .seed = seed};
  ControlledEffect effect{chain.front().info.id, chain.front().info.name, chain.front().info.version, {}, {}};
  for (const auto& parameter : chain.front().parameters) effect.parameters.push_back(parameter.id);
  effect.knobs = {{"drive", 0, 0.0f, 0.6f}, {"steps", 0, 0.0f, 1.0f}};
  out.effects = {effect};
  const Checkpoint needed = style_encoder();
  out.needs = {{"encoder", needed.name, needed.digest}};
  out.blocks["predict"] = {{static_cast<std::size_t>(inputs - 1)}, {{.kind = "linear", .name = "fc"}}};
  std::vector<float> weight(static_cast<std::size_t>(4 * (inputs - 1)), 0.0f);
  std::vector<float> bias(4, static_cast<float>(2.0 * std::log(0.1)));  // spreads of 0.1
  for (Eigen::Index k = 0; k < 2; ++k) {
    for (Eigen::Index j = 0; j < inputs - 1; ++j) {
      weight[static_cast<std::size_t>(2 * k * (inputs - 1) + j)] = static_cast<float>(w(j, k));
    }
    bias[static_cast<std::size_t>(2 * k)] = static_cast<float>(w(inputs - 1, k));
  }
  out.tensors["fc.weight"] = StoredTensor::of({4, static_cast<std::size_t>(inputs - 1)}, weight);
  out.tensors["fc.bias"] = StoredTensor::of({4}, bias);
  return out;
}
