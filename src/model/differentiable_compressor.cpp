// Feed-forward, in dB, soft knee, smooth branching detector on the gain reduction (Giannoulis, Massberg and Reiss 2012,
// equations 4 and 16). All but the detector is pointwise; that has its own backward pass.
#include <torch/torch.h>

#include <array>
#include <cmath>
#include <numbers>

#include "model/differentiable_effect.hpp"

namespace soundalike {
namespace {

/// y[n] = c y[n-1] + (1 - c) x[n] with y[-1] = 0 and c = attack where x[n] > y[n-1], else release.
struct Detector : torch::autograd::Function<Detector> {
  /// @param x [batch, frames]; attack, release [batch]; contiguous doubles.
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x, const at::Tensor& attack,
                            const at::Tensor& release) {
    at::Tensor y = torch::empty_like(x);
    const std::int64_t frames = x.size(1);
    for (std::int64_t b = 0; b < x.size(0); ++b) {
      const double* in = x.data_ptr<double>() + b * frames;
      double* out = y.data_ptr<double>() + b * frames;
      const double rising = attack.data_ptr<double>()[b];
      const double falling = release.data_ptr<double>()[b];
      double last = 0.0;
      for (std::int64_t n = 0; n < frames; ++n) {
        const double keep = in[n] > last ? rising : falling;
        last = out[n] = keep * last + (1.0 - keep) * in[n];
      }
    }
    context->save_for_backward({x, attack, release, y});
    return y;
  }

  // With g[n] the slope in y[n], all later frames counted: g[n] = upstream[n] + c[n+1] g[n+1].
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               const torch::autograd::tensor_list& upstreams) {
    const auto saved = context->get_saved_variables();
    const at::Tensor upstream = upstreams[0].contiguous();
    const at::Tensor x = saved[0];
    const at::Tensor y = saved[3];
    at::Tensor x_slope = torch::zeros_like(x);
    at::Tensor attack_slope = torch::zeros_like(saved[1]);
    at::Tensor release_slope = torch::zeros_like(saved[2]);
    const std::int64_t frames = x.size(1);
    for (std::int64_t b = 0; b < x.size(0); ++b) {
      const double* in = x.data_ptr<double>() + b * frames;
      const double* out = y.data_ptr<double>() + b * frames;
      const double* up = upstream.data_ptr<double>() + b * frames;
      double* slope = x_slope.data_ptr<double>() + b * frames;
      double& rising = attack_slope.data_ptr<double>()[b];
      double& falling = release_slope.data_ptr<double>()[b];
      double carried = 0.0;
      for (std::int64_t n = frames - 1; n >= 0; --n) {
        const double last = n > 0 ? out[n - 1] : 0.0;
        const bool rises = in[n] > last;
        const double keep = saved[rises ? 1 : 2].data_ptr<double>()[b];
        const double g = up[n] + carried;
        slope[n] = (1.0 - keep) * g;
        (rises ? rising : falling) += (last - in[n]) * g;
        carried = keep * g;
      }
    }
    return {x_slope, attack_slope, release_slope};
  }
};

at::Tensor render(const at::Tensor& audio, const at::Tensor& plain, SampleRate rate) {
  check_shapes(differentiable_compressor, audio, plain);
  const auto x = audio.to(at::kDouble);
  const auto knobs = plain.to(at::kDouble);
  const auto knob = [&](std::int64_t i) { return knobs.narrow(1, i, 1); };
  const auto slope = 1.0 - 1.0 / knob(1);
  const auto knee = knob(2);
  const auto level = 20.0 * torch::log10(x.abs().clamp_min(1e-6));
  const auto over = level - knob(0);
  const auto into = over + 0.5 * knee;
  const auto in_knee = slope * into.square() / (2.0 * knee.clamp_min(1e-9));
  const auto wanted = torch::where(2.0 * over <= -knee, torch::zeros_like(over),
                                   torch::where(2.0 * over >= knee, slope * over, in_knee));
  const auto keep = [&](std::int64_t i) { return torch::exp(-1000.0 / (knob(i) * rate.hz)).squeeze(1).contiguous(); };
  const at::Tensor reduction = Detector::apply(wanted.contiguous(), keep(3), keep(4));
  const auto mix = knob(6) / 100.0;
  const auto gain = 1.0 - mix + mix * torch::exp((knob(5) - reduction) * (std::numbers::ln10 / 20.0));
  return (gain * x).to(audio.scalar_type());
}

constexpr std::array<std::string_view, 7> parameters{"threshold", "ratio",  "knee", "attack",
                                                     "release",   "makeup", "mix"};

}  // namespace

constexpr DifferentiableEffect differentiable_compressor{"compressor", parameters, render};

}  // namespace soundalike
