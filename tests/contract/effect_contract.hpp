#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "effect/signals.hpp"
#include "soundalike/effect.hpp"
#include "soundalike/error.hpp"

/// What every Effect owes its users, whatever it is made of. Give it a way to open the effect with a setup; it opens it
/// for mono and for stereo.
///
/// Plugins that read memory they never wrote, or share rand(), meet the contract in a render worker only: they are not
/// for this suite.
inline void check_effect_contract(
    const std::string& name,
    const std::function<std::unique_ptr<soundalike::Effect>(const soundalike::RenderSetup&)>& open,
    double hz = 48000.0) {
  using namespace soundalike;
  CAPTURE(name);
  const auto finite = [](const AudioBuffer& audio) {
    for (const float sample : audio.samples()) {
      if (!std::isfinite(sample)) return false;
    }
    return true;
  };
  for (const std::size_t channels : {std::size_t{1}, std::size_t{2}}) {
    CAPTURE(channels);
    const auto effect = open({SampleRate{hz}, channels});
    const auto defaults = effect->default_settings();
    REQUIRE(defaults.size() == effect->parameters().size());
    CHECK_FALSE(effect->info().name.empty());
    CHECK(effect->setup().channels == channels);

    // Parameters make sense, and their ids tell them apart.
    for (std::size_t i = 0; i < defaults.size(); ++i) {
      const Parameter& p = effect->parameters()[i];
      CAPTURE(p.id);
      CHECK(p.minimum <= p.default_plain);
      CHECK(p.default_plain <= p.maximum);
      CHECK_FALSE(p.scales_with_rate);
      CHECK(p.to_plain(defaults[i]) == p.default_plain);
      for (std::size_t j = 0; j < i; ++j) CHECK(effect->parameters()[j].id != p.id);
    }

    // Twice the same, with other settings in between; as long as the input; finite.
    const AudioBuffer dry = noise(channels, 5000, hz);
    const AudioBuffer wet = effect->render(dry, defaults);
    CHECK(wet.frames() == dry.frames());
    CHECK(wet.channels() == channels);
    CHECK(wet.sample_rate() == dry.sample_rate());
    CHECK(finite(wet));
    std::vector<float> others(defaults.size());
    for (std::size_t i = 0; i < others.size(); ++i) others[i] = 0.25f + 0.5f * defaults[i];
    effect->render(dry, others);
    CHECK(effect->render(dry, defaults) == wet);
    CHECK(open({SampleRate{hz}, channels})->render(dry, defaults) == wet);

    // Interleaved with another run of the same effect.
    const auto run = effect->start(defaults);
    const auto disturbing = effect->start(others);
    AudioBuffer piecewise(channels, 1024, {hz});
    AudioBuffer ignored(channels, 1024, {hz});
    std::vector<const float*> in;
    std::vector<float*> out, nowhere;
    for (std::size_t c = 0; c < channels; ++c) {
      in.push_back(dry.channel(c).data());
      out.push_back(piecewise.channel(c).data());
      nowhere.push_back(ignored.channel(c).data());
    }
    disturbing->process(in.data(), nowhere.data(), 1024);
    run->process(in.data(), out.data(), 1024);
    for (std::size_t c = 0; run->latency() == 0 && c < channels; ++c) {
      for (std::size_t i = 0; i < 1024; ++i) REQUIRE(piecewise.channel(c)[i] == wet.channel(c)[i]);
    }

    // Every length, the short ones too; silence is no trouble.
    for (const std::size_t frames : {0, 1, 2, 1023, 1024, 1025}) {
      CAPTURE(frames);
      const AudioBuffer some = noise(channels, frames, hz);
      const AudioBuffer rendered = effect->render(some, defaults);
      CHECK(rendered.frames() == frames);
      CHECK(finite(rendered));
    }
    const AudioBuffer silence(channels, 5000, {hz});
    CHECK(finite(effect->render(silence, defaults)));

    // Wrong settings and wrong audio are refused, with the kind of error promised.
    const auto refuses = [&](AudioView audio, const std::vector<float>& settings) {
      try {
        effect->render(audio, settings);
      } catch (const Error& e) {
        return e.code() == ErrorCode::invalid_argument;
      }
      return false;
    };
    auto more = defaults;
    more.push_back(0.5f);
    CHECK(refuses(dry, more));
    if (!defaults.empty()) {
      auto wrong = defaults;
      for (const float value : {-0.01f, 1.01f, std::numeric_limits<float>::quiet_NaN()}) {
        wrong.back() = value;
        CHECK(refuses(dry, wrong));
      }
      wrong.pop_back();
      CHECK(refuses(dry, wrong));
    }
    CHECK(refuses(noise(3 - channels, 100, hz), defaults));
    CHECK(refuses(noise(channels, 100, hz + 1.0), defaults));
  }
}
