#include "loss/torch_stft.hpp"

#include <torch/torch.h>

#include <vector>

#include "soundalike/fft.hpp"

namespace soundalike {
namespace {

/// Floored magnitudes, [batch, frames, bins].
at::Tensor magnitudes(const at::Tensor& audio, const MrstftOptions::Resolution& resolution) {
  const auto size = static_cast<std::int64_t>(resolution.fft_size);
  const auto hop = static_cast<std::int64_t>(resolution.hop);
  const auto width = static_cast<std::int64_t>(resolution.window_size);
  std::vector<float> values = hann_window(resolution.window_size);
  const auto window = torch::from_blob(values.data(), {width}).to(audio.options().requires_grad(false), false, true);
  const auto before = (size - width) / 2;
  const auto padded_window = torch::constant_pad_nd(window, {before, size - width - before});
  const auto padded = torch::reflection_pad1d(audio.unsqueeze(1), {size / 2, size / 2}).squeeze(1);
  const auto spectrum = torch::view_as_real(torch::fft::rfft(padded.unfold(1, size, hop) * padded_window));
  return spectrum.square().sum(-1).clamp_min(MrstftOptions::power_floor).sqrt();
}

}  // namespace

at::Tensor torch_stft_loss(const at::Tensor& estimate, const at::Tensor& target, const MrstftOptions& options,
                           const at::Tensor& mel) {
  at::Tensor sum;
  for (const auto& resolution : options.resolutions) {
    at::Tensor a = magnitudes(estimate, resolution);
    at::Tensor b = magnitudes(target, resolution);
    if (mel.defined()) {
      const auto filters = mel.to(a.options()).t();
      a = torch::matmul(a, filters);
      b = torch::matmul(b, filters);
    }
    const auto square = (a - b).square().sum({1, 2});
    // The root's slope is infinite at 0, where the loss has its minimum.
    const auto norm = torch::where(square > 0, square, torch::ones_like(square)).sqrt() * (square > 0);
    const auto loss = options.spectral_convergence * norm / b.square().sum({1, 2}).sqrt() +
                      options.log_magnitude * (a.log() - b.log()).abs().mean({1, 2}) +
                      options.linear_magnitude * (a - b).abs().mean({1, 2});
    sum = sum.defined() ? sum + loss : loss;
  }
  return sum / static_cast<double>(options.resolutions.size());
}

at::Tensor mel_matrix(const MelFilterbank& mel, const MrstftOptions& options) {
  const std::size_t bins = options.resolutions.at(0).fft_size / 2 + 1;
  auto matrix = torch::zeros({static_cast<std::int64_t>(mel.bands()), static_cast<std::int64_t>(bins)});
  std::vector<float> unit(mel.bands());
  for (std::size_t b = 0; b < mel.bands(); ++b) {
    unit[b] = 1.0f;
    mel.apply_transposed(unit.data(), matrix.data_ptr<float>() + b * bins);
    unit[b] = 0.0f;
  }
  return matrix;
}

}  // namespace soundalike
