#include "soundalike/effect.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "soundalike/effect_pass.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

void check_audio(const Effect& effect, AudioView input) {
  const RenderSetup& setup = effect.setup();
  if (input.channels() != setup.channels) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot render with '{}': the audio has {} channels, the effect was opened for {}",
                            effect.info().name, input.channels(), setup.channels));
  }
  if (!(input.sample_rate() == setup.sample_rate)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot render with '{}': the audio has {} Hz, the effect was opened for {} Hz; resample",
                            effect.info().name, input.sample_rate().hz, setup.sample_rate.hz));
  }
}

void check_output(const Effect& effect, const AudioBuffer& output) {
  for (std::size_t c = 0; c < output.channels(); ++c) {
    const auto samples = output.channel(c);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      if (std::isfinite(samples[i])) continue;
      throw Error(
          ErrorCode::plugin_failed,
          fmt::format("'{}' put out {} at frame {} of channel {}; other settings or another sample rate may work",
                      effect.info().name, std::isnan(samples[i]) ? "NaN" : "infinity", i, c));
    }
  }
}

}  // namespace

AudioBuffer Effect::render(AudioView input, std::span<const float> settings) const {
  check_audio(*this, input);
  AudioBuffer output(input.channels(), input.frames(), input.sample_rate());
  std::array<float*, 2> out{};
  for (std::size_t c = 0; c < output.channels(); ++c) out[c] = output.channel(c).data();
  EffectPass(*this, settings).run(input, out);
  check_output(*this, output);
  return output;
}

std::vector<float> Effect::default_settings() const {
  std::vector<float> settings;
  for (const Parameter& p : parameters()) settings.push_back(p.default_setting());
  return settings;
}

void check_settings(const Effect& effect, std::span<const float> settings) {
  const auto parameters = effect.parameters();
  if (settings.size() != parameters.size()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot set '{}': it has {} parameters, got {} settings",
                                                         effect.info().name, parameters.size(), settings.size()));
  }
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (settings[i] >= 0.0f && settings[i] <= 1.0f) continue;
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot set '{}' of '{}' to {}: settings lie in [0, 1]",
                                                         parameters[i].id, effect.info().name, settings[i]));
  }
}

std::vector<float> plain_values(const Effect& effect, std::span<const float> settings) {
  check_settings(effect, settings);
  const auto parameters = effect.parameters();
  std::vector<float> plain(settings.size());
  for (std::size_t i = 0; i < plain.size(); ++i) plain[i] = parameters[i].to_plain(settings[i]);
  return plain;
}

}  // namespace soundalike
