#include "soundalike/effect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

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

void process_whole(EffectRun& run, const RenderSetup& setup, const float* const* in, float* const* out,
                   std::size_t frames) {
  if (frames == 0) return;
  const std::size_t block = setup.block_size;
  const std::vector<float> silence(block);
  std::vector<std::vector<float>> spare(setup.channels);  // for blocks that are not copied whole, at either end
  std::array<const float*, 2> from{};
  std::array<float*, 2> to{};
  std::size_t latency = 0;
  std::size_t fed = 0;  // of the recording and the silence behind it
  while (fed < frames + latency) {
    // The first block is always full: how much follows it is not known yet, and only a last one may be short.
    const std::size_t count = fed == 0 ? block : std::min(block, frames + latency - fed);
    const std::size_t sound = fed < frames ? std::min(count, frames - fed) : 0;
    // The latency is known after the first block only; from then on the output lands where it belongs.
    const bool whole = fed > 0 && fed >= latency && sound == count;
    for (std::size_t c = 0; c < setup.channels; ++c) {
      from[c] = sound > 0 ? in[c] + fed : silence.data();
      if (!whole) {
        spare[c].resize(2 * block);
        if (sound > 0 && sound < count) {
          std::fill(std::copy_n(in[c] + fed, sound, spare[c].data()), spare[c].data() + block, 0.0f);
          from[c] = spare[c].data();
        }
      }
      to[c] = whole ? out[c] + (fed - latency) : spare[c].data() + block;
    }
    run.process(from.data(), to.data(), count);
    if (fed == 0) latency = run.latency();
    if (!whole) {
      const std::size_t skip = fed < latency ? std::min(count, latency - fed) : 0;
      for (std::size_t c = 0; c < setup.channels; ++c) {
        const std::size_t first = fed + skip - latency;
        if (skip < count) std::copy_n(to[c] + skip, std::min(count - skip, frames - first), out[c] + first);
      }
    }
    fed += count;
  }
}

AudioBuffer Effect::render(AudioView input, std::span<const float> settings) const {
  check_audio(*this, input);
  AudioBuffer output(input.channels(), input.frames(), input.sample_rate());
  const auto run = start(settings);
  std::array<const float*, 2> in{};
  std::array<float*, 2> out{};
  for (std::size_t c = 0; c < input.channels(); ++c) {
    in[c] = input.channel(c).data();
    out[c] = output.channel(c).data();
  }
  process_whole(*run, setup(), in.data(), out.data(), input.frames());
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

}  // namespace soundalike
