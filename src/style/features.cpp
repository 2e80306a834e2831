#include "style/features.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "soundalike/error.hpp"
#include "style/kernels.hpp"

namespace soundalike::style {
namespace {

constexpr double shortest_seconds = 0.05;
// A bandwidth this close to Nyquist needs no low-pass.
constexpr double full_bandwidth_share = 0.97;
constexpr std::size_t low_pass_taps = 63;

StyleView complete(StyleView view) {
  if (!(view.sample_rate.hz >= 4000.0)) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot compare styles at {} Hz: the sample rate must be at least 4000 Hz", view.sample_rate.hz));
  }
  if (view.channels != 1 && view.channels != 2) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot compare styles of {} channels: 1 and 2 are supported", view.channels));
  }
  const double nyquist = view.sample_rate.hz / 2.0;
  if (!(view.bandwidth_hz >= 0.0)) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot compare styles below {} Hz: the bandwidth must be 0 or positive", view.bandwidth_hz));
  }
  if (view.bandwidth_hz == 0.0 || view.bandwidth_hz > nyquist) view.bandwidth_hz = nyquist;
  return view;
}

/// Hann-windowed sinc; -6 dB at `cutoff_hz`.
std::vector<float> low_pass(double cutoff_hz, SampleRate rate) {
  std::vector<float> taps(low_pass_taps);
  const double cutoff = 2.0 * cutoff_hz / rate.hz;
  const double middle = (low_pass_taps - 1) / 2.0;
  double sum = 0.0;
  for (std::size_t i = 0; i < low_pass_taps; ++i) {
    const double t = static_cast<double>(i) - middle;
    const double x = std::numbers::pi * cutoff * t;
    const double sinc = t == 0.0 ? 1.0 : std::sin(x) / x;
    const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * t / (middle + 1.0));
    taps[i] = static_cast<float>(sinc * window);
    sum += sinc * window;
  }
  for (float& tap : taps) tap = static_cast<float>(tap / sum);
  return taps;
}

std::vector<float> filtered(const std::vector<float>& in, const std::vector<float>& taps) {
  const std::size_t half = taps.size() / 2;
  std::vector<float> out(in.size(), 0.0f);
  for (std::size_t k = 0; k < taps.size(); ++k) {  // out[i] += taps[k] * in[i + half - k]
    const std::size_t first = k > half ? k - half : 0;
    const std::size_t last = k < half ? in.size() - std::min(in.size(), half - k) : in.size();
    const float tap = taps[k];
    for (std::size_t i = first; i < last; ++i) out[i] += tap * in[i + half - k];
  }
  return out;
}

}  // namespace

FeatureExtractor::FeatureExtractor(const StyleView& view)
    : view_(complete(view)),
      medium_(0.0426, 0.0213, view_.sample_rate),
      fast_(0.01066, 0.00533, view_.sample_rate),
      slow_(0.3413, 0.1707, view_.sample_rate),
      mel_(Bands::mel(mel_bands, medium_.fft_size(), view_.sample_rate, view_.bandwidth_hz)),
      broad_(Bands::broad(medium_.fft_size(), view_.sample_rate, view_.bandwidth_hz)),
      broad_fast_(Bands::broad(fast_.fft_size(), view_.sample_rate, view_.bandwidth_hz)) {
  if (view_.bandwidth_hz < full_bandwidth_share * view_.sample_rate.hz / 2.0) {
    low_pass_ = low_pass(view_.bandwidth_hz, view_.sample_rate);
  }
  Signals silence;
  silence.mid.resize(static_cast<std::size_t>(std::lround(view_.sample_rate.hz)));
  if (view_.channels == 2) silence.side = silence.mid;
  FeatureWriter names(true);
  write(silence, names);
  names_ = std::move(names.names);
  mask_ = std::move(names.mask);
}

std::vector<float> FeatureExtractor::extract(AudioView recording) const {
  if (recording.sample_rate() != view_.sample_rate || recording.channels() != view_.channels) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot describe a recording of {} Hz and {} channels in a view of {} Hz and {} channels",
                            recording.sample_rate().hz, recording.channels(), view_.sample_rate.hz, view_.channels));
  }
  if (recording.seconds() < shortest_seconds) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot describe a recording of {} frames: {} (50 ms) are needed", recording.frames(),
                            std::ceil(shortest_seconds * view_.sample_rate.hz)));
  }
  FeatureWriter out(false);
  out.values.reserve(names_.size());
  write(prepare(recording), out);
  for (float& x : out.values) {
    if (!std::isfinite(x)) x = 0.0f;
  }
  return std::move(out.values);
}

FeatureExtractor::Signals FeatureExtractor::prepare(AudioView recording) const {
  Signals signals;
  const auto left = recording.channel(0);
  if (view_.channels == 1) {
    signals.mid.assign(left.begin(), left.end());
  } else {
    const auto right = recording.channel(1);
    signals.mid.resize(left.size());
    signals.side.resize(left.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
      signals.mid[i] = 0.5f * (left[i] + right[i]);
      signals.side[i] = 0.5f * (left[i] - right[i]);
    }
  }
  if (!low_pass_.empty()) {
    signals.mid = filtered(signals.mid, low_pass_);
    if (!signals.side.empty()) signals.side = filtered(signals.side, low_pass_);
  }
  // Unit power here makes everything after it independent of level. Side alone (mid cancelled) is scaled by itself.
  const double power =
      moments(signals.mid.data(), signals.mid.size()).second + moments(signals.side.data(), signals.side.size()).second;
  if (power > 0.0) {
    const auto gain = static_cast<float>(std::sqrt(static_cast<double>(left.size()) / power));
    for (float& x : signals.mid) x *= gain;
    for (float& x : signals.side) x *= gain;
  }
  return signals;
}

void FeatureExtractor::write(const Signals& signals, FeatureWriter& out) const {
  const Frames frames = analyse(signals.mid);
  write_spectrum(frames, out);
  write_fine_structure(frames, out);
  write_echoes(signals.mid, out);
  write_envelopes(signals.mid, out);
  write_waveform(signals.mid, out);
  if (view_.channels == 2) write_stereo(signals, frames, out);
}

}  // namespace soundalike::style
