#include "model/style_encoder.hpp"

#include <torch/torch.h>

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "model/block_network.hpp"
#include "model/export.hpp"
#include "soundalike/encoder.hpp"
#include "soundalike/style_distance.hpp"
#include "style/model.hpp"

namespace soundalike::model {
namespace {

constexpr std::size_t width = 128;
// Of the learnt part's last weights: it begins as the axes alone.
constexpr double first_share = 0.01;
// Of the features, in training: what one feature says must be found in others too.
constexpr double dropped_features = 0.1;
constexpr double just_audible_db = 1.0;
constexpr double contrast_weight = 1.0;
constexpr double distance_weight = 0.05;
constexpr SampleRate style_rate{24000.0};

/// The axes of the fitted style model, for the features that its front end describes.
void set_axes(const at::Tensor& weight) {
  const style::Model model = style::parse_model(style::built_in_model);
  const auto names = make_style_distance("features", {style_rate})->feature_names();
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < model.names.size(); ++i) place[model.names[i]] = i;
  const auto scale = static_cast<float>(1.0 / std::sqrt(model.unit));
  const torch::NoGradGuard no_grad;
  auto to = weight.accessor<float, 2>();
  for (std::size_t axis = 0; axis < model.axes.size(); ++axis) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      to[static_cast<std::int64_t>(axis)][static_cast<std::int64_t>(i)] = scale * model.axes[axis][place.at(names[i])];
    }
  }
}

class StyleEncoder final : public EncoderNetwork {
 public:
  StyleEncoder(std::string name, FrontEndChoice front_end, const Plan& plan, std::uint64_t seed)
      : name_(std::move(name)), front_end_(std::move(front_end)), module_(std::make_shared<torch::nn::Module>()) {
    Rng rng(seed);
    network_ = module_->register_module("network", std::make_shared<BlockNetwork>(plan, rng));
    set_axes(network_->tensor("axes.weight"));
    log_temperature_ = module_->register_parameter("log_temperature", torch::zeros({1}));
  }

  torch::nn::Module& module() override { return *module_; }
  const Shape& input_shape() const override { return network_->plan().block().input; }
  std::size_t dimensions() const override { return network_->plan().shape()[0]; }
  at::Tensor encode(const at::Tensor& input) override { return network_->forward(input); }

  EncoderLoss loss(const EncoderBatch& batch) override {
    const at::Tensor z = encode(torch::dropout(batch.input, dropped_features, module_->is_training()));
    const std::int64_t n = z.size(0);
    const at::Tensor others = torch::ones({n, n}, z.options()).fill_diagonal_(0.0);
    const at::Tensor known = (~batch.difference.isnan()).to(z.scalar_type()) * others;
    const at::Tensor difference = batch.difference.nan_to_num(0.0);
    const at::Tensor squares = z.square().sum(1);
    const at::Tensor square = (squares.unsqueeze(0) + squares.unsqueeze(1) - 2.0 * at::matmul(z, z.t())).clamp_min(0.0);
    const at::Tensor distance = (square + 1e-6).sqrt();

    const at::Tensor wanted = 3.0 * (1.0 + difference / 3.0).log();
    const at::Tensor miss = known * (distance - wanted).square() / (1.0 + wanted);
    const at::Tensor each_miss = miss.sum(1) / known.sum(1).clamp_min(1.0);

    const at::Tensor unknown = (1.0 - known) * -1e9;
    const at::Tensor prefers = torch::log_softmax(-square * (-log_temperature_).exp() / 2.0 + unknown, 1);
    const at::Tensor alike = torch::softmax(-(difference / just_audible_db).square() / 2.0 + unknown, 1) * known;
    const at::Tensor each_contrast = -(alike * prefers).sum(1) + (alike * (alike + 1e-12).log()).sum(1);

    EncoderLoss out;
    const at::Tensor each = distance_weight * each_miss + contrast_weight * each_contrast;
    out.loss = each.mean();
    out.each = each.detach();
    out.terms["distance"] = each_miss.mean().item<double>();
    out.terms["contrast"] = each_contrast.mean().item<double>();
    out.terms["temperature"] = log_temperature_.exp().item<double>();
    return out;
  }

  Checkpoint checkpoint(NumberType type) const override {
    Checkpoint out = encoder_checkpoint(name_, front_end_);
    put(out, "encode", {network_.get()}, type);
    return out;
  }
  void load(const Checkpoint& from) override { take(from, {network_.get()}); }

 private:
  std::string name_;
  FrontEndChoice front_end_;
  std::shared_ptr<torch::nn::Module> module_;
  std::shared_ptr<BlockNetwork> network_;
  at::Tensor log_temperature_;
};

}  // namespace

FrontEndChoice style_choice() { return style_front_end("features"); }

Plan style_plan() {
  Plan plan(EncoderInput(style_choice()).shape());
  plan.fixed_linear("axes", style::parse_model(style::built_in_model).axes.size());
  const std::size_t count = plan.shape()[0];
  plan.residual([&](Plan& inside) { inside.linear("wide", width).silu().linear("narrow", count, first_share); });
  return plan;
}

std::unique_ptr<EncoderNetwork> make_style_encoder(std::string_view name, FrontEndChoice front_end, const Plan& plan,
                                                   std::uint64_t seed) {
  return std::make_unique<StyleEncoder>(std::string(name), std::move(front_end), plan, seed);
}

}  // namespace soundalike::model
