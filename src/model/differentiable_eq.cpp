// Low shelf, two peaks, high shelf: the filters of Bristow-Johnson's cookbook, here by their frequency response. The
// audio is followed by so much silence that what comes round the end of the FFT has decayed.
#include <torch/torch.h>

#include <array>
#include <cmath>
#include <numbers>

#include "model/differentiable_effect.hpp"

namespace soundalike {
namespace {

constexpr double tail_seconds = 0.7;  // at 100 Hz and Q 10 what is left is -190 dB

/// Coefficients, [batch, 1] each.
struct Filter {
  at::Tensor b0, b1, b2, a0, a1, a2;

  /// [batch, bins]. @param z 1 / z on the unit circle, [bins].
  at::Tensor response(const at::Tensor& z) const {
    const auto square = z * z;
    return (b0 + b1 * z + b2 * square) / (a0 + a1 * z + a2 * square);
  }
};

at::Tensor angle_of(const at::Tensor& hz, double rate) {
  return hz.clamp_max(0.49 * rate) * (2.0 * std::numbers::pi / rate);
}

at::Tensor root_gain(const at::Tensor& gain_db) { return torch::exp(gain_db * (std::numbers::ln10 / 40.0)); }

Filter peak(const at::Tensor& hz, const at::Tensor& gain_db, const at::Tensor& q, double rate) {
  const auto w = angle_of(hz, rate);
  const auto a = root_gain(gain_db);
  const auto alpha = torch::sin(w) / (2.0 * q);
  const auto middle = -2.0 * torch::cos(w);
  return {1.0 + alpha * a, middle, 1.0 - alpha * a, 1.0 + alpha / a, middle, 1.0 - alpha / a};
}

/// @param sign 1: low, -1: high.
Filter shelf(const at::Tensor& hz, const at::Tensor& gain_db, double rate, double sign) {
  const auto w = angle_of(hz, rate);
  const auto a = root_gain(gain_db);
  const auto c = sign * torch::cos(w);
  const auto slope = torch::sqrt(a) * torch::sin(w) * std::numbers::sqrt2;
  return {a * ((a + 1.0) - (a - 1.0) * c + slope),   sign * 2.0 * a * ((a - 1.0) - (a + 1.0) * c),
          a * ((a + 1.0) - (a - 1.0) * c - slope),   (a + 1.0) + (a - 1.0) * c + slope,
          sign * -2.0 * ((a - 1.0) + (a + 1.0) * c), (a + 1.0) + (a - 1.0) * c - slope};
}

at::Tensor render(const at::Tensor& audio, const at::Tensor& plain, SampleRate rate) {
  check_shapes(differentiable_eq, audio, plain);
  const auto knobs = plain.to(at::kDouble);
  const auto knob = [&](std::int64_t i) { return knobs.narrow(1, i, 1); };
  std::int64_t size = 2;
  while (static_cast<double>(size) < static_cast<double>(audio.size(1)) + tail_seconds * rate.hz) size *= 2;
  const auto turns = torch::arange(size / 2 + 1, knobs.options().requires_grad(false)) *
                     (-2.0 * std::numbers::pi / static_cast<double>(size));
  const auto z = torch::complex(torch::cos(turns), torch::sin(turns));
  const auto response =
      shelf(knob(0), knob(1), rate.hz, 1.0).response(z) * peak(knob(2), knob(3), knob(4), rate.hz).response(z) *
      peak(knob(5), knob(6), knob(7), rate.hz).response(z) * shelf(knob(8), knob(9), rate.hz, -1.0).response(z);
  const auto spectrum = torch::fft::rfft(audio.to(at::kDouble), size);
  return torch::fft::irfft(spectrum * response, size).narrow(1, 0, audio.size(1)).to(audio.scalar_type());
}

constexpr std::array<std::string_view, 10> parameters{"low_freq",  "low_gain",  "mid1_freq", "mid1_gain", "mid1_q",
                                                      "mid2_freq", "mid2_gain", "mid2_q",    "high_freq", "high_gain"};

}  // namespace

constexpr DifferentiableEffect differentiable_eq{"eq", parameters, render};

}  // namespace soundalike
