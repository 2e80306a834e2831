#include "model/variational.hpp"

#include <torch/torch.h>

#include <utility>

#include "model/block_network.hpp"
#include "model/export.hpp"

namespace soundalike::model {
namespace {

// exp of it is a variance: beyond these, training has gone wrong and should not end in infinities.
constexpr double least_log_variance = -12.0;
constexpr double greatest_log_variance = 8.0;

class Variational final : public EncoderNetwork {
 public:
  Variational(std::string name, FrontEndChoice front_end, const VariationalPlan& plan, std::uint64_t seed)
      : name_(std::move(name)), front_end_(std::move(front_end)), module_(std::make_shared<torch::nn::Module>()) {
    Rng rng(seed);
    const auto part = [&](const char* part_name, const Plan& p) {
      return module_->register_module(part_name, std::make_shared<BlockNetwork>(p, rng));
    };
    trunk_ = part("trunk", plan.trunk);
    mean_ = part("mean", plan.mean);
    spread_ = part("spread", plan.spread);
    decode_ = part("decode", plan.decode);
  }

  torch::nn::Module& module() override { return *module_; }
  const Shape& input_shape() const override { return trunk_->plan().block().input; }
  std::size_t dimensions() const override { return mean_->plan().shape()[0]; }

  at::Tensor encode(const at::Tensor& input) override { return mean_->forward(trunk_->forward(input)); }

  EncoderLoss loss(const EncoderBatch& batch) override {
    const auto [mean, log_variance] = latent(batch.input);
    at::Tensor z = mean;
    if (module_->is_training()) z = mean + (0.5 * log_variance).exp() * torch::randn_like(mean);
    const at::Tensor squares = (decode_->forward(z) - batch.input).square();
    const at::Tensor each_error = squares.flatten(1).mean(1);
    const at::Tensor each_kl = kl(mean, log_variance).sum(1);
    const at::Tensor error = each_error.mean();
    const at::Tensor divergence = each_kl.mean();
    EncoderLoss out;
    out.loss = error + batch.beta * divergence;
    out.each = (each_error + batch.beta * each_kl).detach();
    out.terms["reconstruction"] = error.item<double>();
    out.terms["kl"] = divergence.item<double>();
    return out;
  }

  at::Tensor reconstruct(const at::Tensor& input) override { return decode_->forward(encode(input)); }
  at::Tensor divergence(const at::Tensor& input) override {
    const auto [mean, log_variance] = latent(input);
    return kl(mean, log_variance);
  }

  Checkpoint checkpoint(NumberType type) const override {
    Checkpoint out = encoder_checkpoint(name_, front_end_);
    put(out, "encode", {trunk_.get(), mean_.get()}, type);
    put(out, "spread", {trunk_.get(), spread_.get()}, type);
    put(out, "decode", {decode_.get()}, type);
    return out;
  }
  void load(const Checkpoint& from) override { take(from, {trunk_.get(), mean_.get(), spread_.get(), decode_.get()}); }

 private:
  struct Latent {
    at::Tensor mean, log_variance;  // [n, dimensions]
  };
  Latent latent(const at::Tensor& input) {
    const at::Tensor hidden = trunk_->forward(input);
    return {mean_->forward(hidden), spread_->forward(hidden).clamp(least_log_variance, greatest_log_variance)};
  }
  // [n, dimensions], from N(mean, variance) to N(0, 1).
  static at::Tensor kl(const at::Tensor& mean, const at::Tensor& log_variance) {
    return -0.5 * (1.0 + log_variance - mean.square() - log_variance.exp());
  }

  std::string name_;
  FrontEndChoice front_end_;
  std::shared_ptr<torch::nn::Module> module_;
  std::shared_ptr<BlockNetwork> trunk_, mean_, spread_, decode_;
};

}  // namespace

std::size_t VariationalPlan::parameters() const {
  return trunk.parameters() + mean.parameters() + spread.parameters() + decode.parameters();
}

std::unique_ptr<EncoderNetwork> make_variational(std::string_view name, FrontEndChoice front_end,
                                                 const VariationalPlan& plan, std::uint64_t seed) {
  return std::make_unique<Variational>(std::string(name), std::move(front_end), plan, seed);
}

}  // namespace soundalike::model
