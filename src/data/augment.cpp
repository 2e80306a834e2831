#include "soundalike/augment.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>
#include <rubberband/RubberBandStretcher.h>

#include "audio/biquad.hpp"
#include "soundalike/error.hpp"
#include "soundalike/resample.hpp"

namespace soundalike {
namespace {

using RubberBand::RubberBandStretcher;

// `frames` frames of `audio` played `times` as long, at the same pitch.
AudioBuffer lengthened(AudioView audio, double times, std::size_t frames) {
  // The faster engine. With its default for transients it resets the phases of steady tones, too: a sine of 440 Hz came
  // out at 434.
  RubberBandStretcher stretcher(static_cast<std::size_t>(std::lround(audio.sample_rate().hz)), audio.channels(),
                                RubberBandStretcher::OptionProcessOffline | RubberBandStretcher::OptionThreadingNever |
                                    RubberBandStretcher::OptionTransientsMixed |
                                    RubberBandStretcher::OptionChannelsTogether,
                                times);
  stretcher.setExpectedInputDuration(audio.frames());
  std::vector<const float*> in(audio.channels());
  for (std::size_t c = 0; c < in.size(); ++c) in[c] = audio.channel(c).data();
  const std::size_t piece = 4096;
  stretcher.setMaxProcessSize(piece);
  stretcher.study(in.data(), audio.frames(), true);

  AudioBuffer out(audio.channels(), frames, audio.sample_rate());
  AudioBuffer block(audio.channels(), piece, audio.sample_rate());
  std::vector<float*> to(audio.channels());
  for (std::size_t c = 0; c < to.size(); ++c) to[c] = block.channel(c).data();
  std::size_t written = 0;
  for (std::size_t first = 0; first < audio.frames(); first += piece) {
    const std::size_t count = std::min(piece, audio.frames() - first);
    for (std::size_t c = 0; c < in.size(); ++c) in[c] = audio.channel(c).data() + first;
    stretcher.process(in.data(), count, first + count == audio.frames());
    for (int ready = 0; (ready = stretcher.available()) > 0;) {
      const std::size_t got = stretcher.retrieve(to.data(), std::min(piece, static_cast<std::size_t>(ready)));
      const std::size_t take = std::min(got, frames - written);
      for (std::size_t c = 0; c < to.size(); ++c) {
        std::copy_n(to[c], take, out.channel(c).begin() + static_cast<std::ptrdiff_t>(written));
      }
      written += take;
    }
  }
  return out;
}

}  // namespace

AudioBuffer stretch(AudioView audio, const Stretch& by) {
  if (!(std::abs(by.cents) <= 2400.0) || !(by.tempo >= 0.25 && by.tempo <= 4.0)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot stretch by {} cents and tempo {}: -2400 to 2400 cents and 0.25 to 4 work", by.cents,
                            by.tempo));
  }
  if ((by.cents == 0.0 && by.tempo == 1.0) || audio.frames() == 0) return AudioBuffer(audio);
  const auto frames = static_cast<std::size_t>(std::llround(static_cast<double>(audio.frames()) / by.tempo));
  if (by.cents == 0.0) return lengthened(audio, 1.0 / by.tempo, frames);
  // Pitch by playing faster what was made longer: Rubber Band's own pitch shifting takes seven times as long.
  const double faster = std::exp2(by.cents / 1200.0), times = faster / by.tempo;
  const auto longer = static_cast<std::size_t>(std::llround(static_cast<double>(frames) * faster));
  const AudioBuffer slow = times == 1.0 ? AudioBuffer(audio) : lengthened(audio, times, longer);
  const AudioBuffer played = at_speed(slow, faster);
  AudioBuffer out(audio.channels(), frames, audio.sample_rate());
  for (std::size_t c = 0; c < out.channels(); ++c) {
    std::ranges::copy(played.channel(c).first(std::min(frames, played.frames())), out.channel(c).begin());
  }
  return out;
}

AudioBuffer at_speed(const AudioBuffer& audio, double factor) {
  const SampleRate rate = audio.sample_rate();
  const AudioView faster(audio.samples().data(), audio.channels(), audio.frames(), audio.frames(), {rate.hz * factor});
  return resample(faster, rate);
}

AudioBuffer coloured(AudioBuffer audio, Rng& rng) {
  const double rate = audio.sample_rate().hz;
  const auto hz = [&](double low, double high) { return low * std::exp2(rng.uniform() * std::log2(high / low)); };
  const auto gain_db = [&] { return std::clamp(6.0 * rng.normal(), -15.0, 15.0); };
  constexpr double q = 0.7;
  std::vector<Biquad> filters;
  // Statement by statement, since arguments are evaluated in any order.
  const auto add = [&](auto design, double low, double high) {
    const double at = hz(low, high);
    const double gain = gain_db();
    filters.push_back(design(at, gain, q, rate));
  };
  add(Biquad::low_shelf, 60.0, 400.0);
  add(Biquad::peak, 100.0, 6000.0);
  add(Biquad::peak, 100.0, 6000.0);
  add(Biquad::high_shelf, 1500.0, 7000.0);
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    for (const Biquad& filter : filters) {
      BiquadState state;
      for (float& x : audio.channel(c)) x = static_cast<float>(state(filter, x));
    }
  }
  return audio;
}

Stretch draw_stretch(const AugmentOptions& options, Rng& rng) {
  // Always three draws, so that what follows does not depend on the coin.
  const bool changed = rng.uniform() < options.probability;
  const double cents = rng.uniform(-options.cents, options.cents);
  const double tempo = rng.uniform(options.tempo_low, options.tempo_high);
  return changed ? Stretch{cents, tempo} : Stretch{};
}

}  // namespace soundalike
