#include "loss/stft_loss.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <vector>

#include "loss/fused_stft.hpp"
#include "loss/torch_stft.hpp"

namespace soundalike {
namespace {

/// Losses [batch] and, when asked for, their gradients [batch, frames].
struct Fused {
  at::Tensor loss, gradient;
};

Fused compute(const std::vector<FusedStft>& parts, const at::Tensor& estimate, const at::Tensor& target,
              bool wants_gradient) {
  const auto batch = static_cast<std::size_t>(estimate.size(0));
  const auto frames = static_cast<std::size_t>(estimate.size(1));
  const std::size_t gradient_frames = wants_gradient ? frames : 0;
  const float* const a = estimate.data_ptr<float>();
  const float* const b = target.data_ptr<float>();
  // One task per example and resolution, each with room of its own, so that the sums have one order.
  std::vector<double> losses(batch * parts.size());
  std::vector<float> gradients(losses.size() * gradient_frames);
  at::parallel_for(0, static_cast<std::int64_t>(losses.size()), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto task = static_cast<std::size_t>(begin); task < static_cast<std::size_t>(end); ++task) {
      const std::size_t example = task / parts.size();
      losses[task] = parts[task % parts.size()]({a + example * frames, frames}, {b + example * frames, frames},
                                                {gradients.data() + task * gradient_frames, gradient_frames});
    }
  });
  Fused out{torch::empty({estimate.size(0)}), {}};
  if (wants_gradient) out.gradient = torch::zeros_like(estimate);
  const auto share = static_cast<float>(1.0 / static_cast<double>(parts.size()));
  for (std::size_t example = 0; example < batch; ++example) {
    double sum = 0.0;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      const std::size_t task = example * parts.size() + part;
      sum += losses[task];
      if (!wants_gradient) continue;
      float* const total = out.gradient.data_ptr<float>() + example * frames;
      const float* const own = gradients.data() + task * frames;
      for (std::size_t i = 0; i < frames; ++i) total[i] += share * own[i];
    }
    out.loss.data_ptr<float>()[example] = static_cast<float>(sum / static_cast<double>(parts.size()));
  }
  return out;
}

struct FusedFunction : torch::autograd::Function<FusedFunction> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& estimate,
                            const at::Tensor& target, const std::vector<FusedStft>* parts) {
    Fused fused = compute(*parts, estimate, target, true);
    context->save_for_backward({fused.gradient});
    return fused.loss;
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               const torch::autograd::tensor_list& upstream) {
    return {context->get_saved_variables()[0] * upstream[0].unsqueeze(1), {}, {}};
  }
};

class StftLoss final : public Loss {
 public:
  StftLoss(std::string_view name, const MrstftOptions& options, std::shared_ptr<const MelFilterbank> mel,
           StftBackend backend)
      : name_(name), options_(options), backend_(backend), mel_matrix_(mel ? mel_matrix(*mel, options) : at::Tensor()) {
    for (const auto& resolution : options.resolutions) {
      parts_.emplace_back(
          resolution, FusedStft::Weights{options.spectral_convergence, options.log_magnitude, options.linear_magnitude},
          mel);
    }
  }

  std::string name() const override { return name_; }
  std::size_t least_frames() const override {
    std::size_t most = 0;
    for (const auto& resolution : options_.resolutions) most = std::max(most, resolution.fft_size);
    return most / 2 + 1;
  }

 protected:
  at::Tensor compare(const at::Tensor& estimate, const at::Tensor& target) const override {
    const bool gradients = at::GradMode::is_enabled();
    const bool fusible =
        estimate.device().is_cpu() && estimate.scalar_type() == at::kFloat && !(gradients && target.requires_grad());
    if (backend_ == StftBackend::torch || !fusible) return torch_stft_loss(estimate, target, options_, mel_matrix_);
    const at::Tensor a = estimate.contiguous();
    const at::Tensor b = target.contiguous();
    if (gradients && estimate.requires_grad()) return FusedFunction::apply(a, b, &parts_);
    return compute(parts_, a, b, false).loss;
  }

 private:
  std::string name_;
  MrstftOptions options_;
  StftBackend backend_;
  at::Tensor mel_matrix_;
  std::vector<FusedStft> parts_;
};

}  // namespace

std::unique_ptr<Loss> make_stft_loss(std::string_view name, const MrstftOptions& options,
                                     std::shared_ptr<const MelFilterbank> mel, StftBackend backend) {
  return std::make_unique<StftLoss>(name, options, std::move(mel), backend);
}

}  // namespace soundalike
