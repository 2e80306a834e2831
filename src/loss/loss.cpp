#include "soundalike/loss.hpp"

#include <fmt/format.h>
#include <torch/torch.h>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

std::string shape(const at::Tensor& tensor) {
  std::string text;
  for (const auto size : tensor.sizes()) text += fmt::format("{}{}", text.empty() ? "" : " x ", size);
  return "[" + text + "]";
}

class EmbeddingLoss final : public Loss {
 public:
  explicit EmbeddingLoss(std::function<at::Tensor(const at::Tensor&)> encoder) : encoder_(std::move(encoder)) {}
  std::string name() const override { return "embedding"; }

 protected:
  at::Tensor compare(const at::Tensor& estimate, const at::Tensor& target) const override {
    return (encoder_(estimate) - encoder_(target)).square().mean(1);
  }

 private:
  std::function<at::Tensor(const at::Tensor&)> encoder_;
};

}  // namespace

at::Tensor Loss::operator()(const at::Tensor& estimate, const at::Tensor& target) const {
  if (estimate.dim() != 2 || estimate.sizes() != target.sizes()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("loss '{}' compares [batch x frames] with as many, got {} and {}", name(), shape(estimate),
                            shape(target)));
  }
  if (estimate.scalar_type() != target.scalar_type() || estimate.device() != target.device()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("loss '{}' compares tensors of one type on one device, got {} on {} and {} on {}", name(),
                            toString(estimate.scalar_type()), estimate.device().str(), toString(target.scalar_type()),
                            target.device().str()));
  }
  if (static_cast<std::size_t>(estimate.size(1)) < least_frames()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("loss '{}' needs at least {} frames, got {}", name(), least_frames(), estimate.size(1)));
  }
  return compare(estimate, target);
}

std::unique_ptr<Loss> make_embedding_loss(std::function<at::Tensor(const at::Tensor&)> encoder) {
  return std::make_unique<EmbeddingLoss>(std::move(encoder));
}

at::Tensor parameter_loss(const at::Tensor& predicted, const at::Tensor& known, const at::Tensor& weights) {
  if (predicted.dim() != 2 || predicted.sizes() != known.sizes()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("the parameter loss compares [batch x knobs] with as many, got {} and {}", shape(predicted),
                            shape(known)));
  }
  const auto square = (predicted - known).square();
  if (!weights.defined()) return square.mean(1);
  if (weights.dim() != 1 || weights.size(0) != predicted.size(1)) {
    throw Error(ErrorCode::invalid_argument, fmt::format("the parameter loss takes one weight per knob: {}, got {}",
                                                         predicted.size(1), shape(weights)));
  }
  return (square * weights).sum(1) / weights.sum().clamp_min(1e-12);
}

}  // namespace soundalike
