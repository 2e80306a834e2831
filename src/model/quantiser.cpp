#include "model/quantiser.hpp"

namespace soundalike::model {
namespace {

constexpr double decay = 0.99;
constexpr double smoothing = 1e-5;
// A code used less than this often per batch, on average, is dead.
constexpr double dead = 0.01;

// [n, C, H, W] to [n * H * W, C]
at::Tensor positions(const at::Tensor& x) { return x.permute({0, 2, 3, 1}).reshape({-1, x.size(1)}); }

}  // namespace

Quantised quantise(const at::Tensor& x, const at::Tensor& codebook) {
  const torch::NoGradGuard no_grad;
  const at::Tensor flat = positions(x);
  // Of |x - e|^2, |x|^2 does not depend on the code.
  const at::Tensor distance = codebook.square().sum(1).unsqueeze(0) - 2.0 * at::matmul(flat, codebook.t());
  const at::Tensor codes = distance.argmin(1);
  const at::Tensor values =
      codebook.index_select(0, codes).reshape({x.size(0), x.size(2), x.size(3), x.size(1)}).permute({0, 3, 1, 2});
  return {values.contiguous(), codes};
}

Quantiser::Quantiser(const at::Tensor& codebook)
    : codebook_(codebook),
      uses_(register_buffer("uses", torch::ones({codebook.size(0)}))),
      sums_(register_buffer("sums", codebook.detach().clone())) {}

void Quantiser::update(const at::Tensor& x, const at::Tensor& codes) {
  const torch::NoGradGuard no_grad;
  const at::Tensor flat = positions(x.detach());
  const std::int64_t count = codebook_.size(0);
  const at::Tensor used = torch::zeros_like(uses_).index_add_(0, codes, torch::ones_like(codes, uses_.options()));
  const at::Tensor sums = torch::zeros_like(sums_).index_add_(0, codes, flat);
  uses_.mul_(decay).add_(used, 1.0 - decay);
  sums_.mul_(decay).add_(sums, 1.0 - decay);
  const at::Tensor gone = (uses_ < dead).nonzero().flatten();
  if (gone.numel() > 0) {
    const at::Tensor picked = torch::randint(flat.size(0), {gone.size(0)}, gone.options());
    sums_.index_copy_(0, gone, flat.index_select(0, picked));
    uses_.index_fill_(0, gone, 1.0);
  }
  const double total = uses_.sum().item<double>();
  const at::Tensor smoothed =
      (uses_ + smoothing) / (total + static_cast<double>(count) * smoothing) * total;  // Laplace
  codebook_.copy_(sums_ / smoothed.unsqueeze(1));
}

double Quantiser::perplexity(const at::Tensor& codes, std::int64_t count) {
  const at::Tensor share = torch::bincount(codes, {}, count).to(torch::kDouble) / static_cast<double>(codes.numel());
  return std::exp(-(share * (share + 1e-10).log()).sum().item<double>());
}

}  // namespace soundalike::model
