#include "model/vector_quantised.hpp"

#include <torch/torch.h>

#include <string>
#include <utility>

#include "model/block_network.hpp"
#include "model/export.hpp"
#include "model/mel_vae.hpp"
#include "model/quantiser.hpp"

namespace soundalike::model {
namespace {

constexpr double commitment = 0.25;

class VectorQuantised final : public EncoderNetwork {
 public:
  VectorQuantised(std::string name, FrontEndChoice front_end, const QuantisedPlan& plan, std::uint64_t seed)
      : name_(std::move(name)), front_end_(std::move(front_end)), module_(std::make_shared<torch::nn::Module>()) {
    Rng rng(seed);
    const auto part = [&](const char* part_name, const Plan& p) {
      return module_->register_module(part_name, std::make_shared<BlockNetwork>(p, rng));
    };
    trunk_ = part("trunk", plan.trunk);
    quantise_ = part("quantise", plan.quantise);
    pool_ = part("pool", plan.pool);
    decode_ = part("decode", plan.decode);
    quantiser_ = module_->register_module("quantiser", std::make_shared<Quantiser>(codebook()));
  }

  torch::nn::Module& module() override { return *module_; }
  const Shape& input_shape() const override { return trunk_->plan().block().input; }
  std::size_t dimensions() const override { return pool_->plan().shape()[0]; }

  at::Tensor encode(const at::Tensor& input) override {
    return pool_->forward(quantise_->forward(trunk_->forward(input)));
  }

  EncoderLoss loss(const EncoderBatch& batch) override {
    const at::Tensor hidden = trunk_->forward(batch.input);
    const Quantised quantised = quantise(hidden, codebook());
    if (module_->is_training()) quantiser_->update(hidden, quantised.codes);
    const at::Tensor through = hidden + (quantised.values - hidden).detach();
    const at::Tensor each_error = (decode_->forward(through) - batch.input).square().flatten(1).mean(1);
    const at::Tensor each_commitment = (hidden - quantised.values).square().flatten(1).mean(1);
    EncoderLoss out;
    const at::Tensor each = each_error + commitment * each_commitment;
    out.loss = each.mean();
    out.each = each.detach();
    out.terms["reconstruction"] = each_error.mean().item<double>();
    out.terms["commitment"] = each_commitment.mean().item<double>();
    out.terms["perplexity"] = Quantiser::perplexity(quantised.codes, codebook().size(0));
    return out;
  }

  at::Tensor reconstruct(const at::Tensor& input) override {
    return decode_->forward(quantise_->forward(trunk_->forward(input)));
  }

  Checkpoint checkpoint(NumberType type) const override {
    Checkpoint out = encoder_checkpoint(name_, front_end_);
    put(out, "encode", {trunk_.get(), quantise_.get(), pool_.get()}, type);
    put(out, "codes", {trunk_.get(), quantise_.get()}, type);
    put(out, "decode", {decode_.get()}, type);
    return out;
  }
  void load(const Checkpoint& from) override {
    take(from, {trunk_.get(), quantise_.get(), pool_.get(), decode_.get()});
  }

 private:
  const at::Tensor& codebook() { return quantise_->tensor("codes.codebook"); }

  std::string name_;
  FrontEndChoice front_end_;
  std::shared_ptr<torch::nn::Module> module_;
  std::shared_ptr<BlockNetwork> trunk_, quantise_, pool_, decode_;
  std::shared_ptr<Quantiser> quantiser_;
};

QuantisedPlan quantised_of(const MelSizes& sizes, std::size_t dimensions, std::size_t codes) {
  Plan trunk = mel_trunk(sizes);
  trunk.conv("squeeze", dimensions, {1, 1, 0});
  const Shape image = trunk.shape();
  Plan quantise(image);
  quantise.quantise("codes", codes);
  Plan pool(image);
  pool.mean_over_time("pool").flatten();
  return {std::move(trunk), std::move(quantise), std::move(pool), mel_decoder(dimensions, sizes)};
}

}  // namespace

std::size_t QuantisedPlan::parameters() const {
  return trunk.parameters() + quantise.parameters() + pool.parameters() + decode.parameters();
}

QuantisedPlan vq_vae() { return quantised_of({.channels = 64, .residual = 16, .layers = 3}, 2, 4096); }
QuantisedPlan vq_vae_small() { return quantised_of({.channels = 32, .residual = 16, .layers = 2}, 4, 512); }

std::unique_ptr<EncoderNetwork> make_quantised(std::string_view name, FrontEndChoice front_end,
                                               const QuantisedPlan& plan, std::uint64_t seed) {
  return std::make_unique<VectorQuantised>(std::string(name), std::move(front_end), plan, seed);
}

}  // namespace soundalike::model
