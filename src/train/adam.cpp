#include "train/adam.hpp"

#include <cmath>

namespace soundalike::training {
namespace {

constexpr double beta1 = 0.9;
constexpr double beta2 = 0.999;
constexpr double epsilon = 1e-8;

}  // namespace

Adam::Adam(std::vector<torch::Tensor> parameters) : parameters_(std::move(parameters)) {
  const torch::NoGradGuard no_grad;
  for (const auto& p : parameters_) {
    mean.push_back(torch::zeros_like(p));
    squares.push_back(torch::zeros_like(p));
  }
}

void Adam::step(double learning_rate, double weight_decay) {
  const torch::NoGradGuard no_grad;
  ++steps;
  const double correct1 = 1.0 - std::pow(beta1, static_cast<double>(steps));
  const double correct2 = 1.0 - std::pow(beta2, static_cast<double>(steps));
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    torch::Tensor& p = parameters_[i];
    const torch::Tensor gradient = p.grad();
    if (!gradient.defined()) continue;
    if (p.dim() > 1 && weight_decay > 0.0) p.mul_(1.0 - learning_rate * weight_decay);
    mean[i].mul_(beta1).add_(gradient, 1.0 - beta1);
    squares[i].mul_(beta2).addcmul_(gradient, gradient, 1.0 - beta2);
    const torch::Tensor scale = (squares[i] / correct2).sqrt_().add_(epsilon);
    p.addcdiv_(mean[i], scale, -learning_rate / correct1);
  }
}

}  // namespace soundalike::training
