#include "train/hearing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "soundalike/encoder.hpp"
#include "soundalike/error.hpp"

namespace soundalike::training {
namespace {

// Not owned: controller and encoder outlive what is learnt.
std::shared_ptr<torch::nn::Module> borrowed(torch::nn::Module& module) { return {std::shared_ptr<void>(), &module}; }

}  // namespace

std::unique_ptr<EncoderNetwork> network_of(const Checkpoint& encoder) {
  const auto known = std::ranges::find(encoder_kinds(), encoder.name, &EncoderKind::name);
  if (known == encoder_kinds().end()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot train encoder '{}' on: it has no weights that could learn; style-encoder and the "
                            "VAEs have",
                            encoder.name));
  }
  auto network = known->make(0);
  network->load(encoder);
  return network;
}

Checkpoint front_end_alone(const Checkpoint& encoder) {
  Checkpoint out;
  out.kind = "encoder";
  out.name = encoder.name + " front end";
  out.front_end = encoder.front_end;
  out.blocks["encode"] = {EncoderInput(out.front_end).shape(), {{.kind = "flatten"}}};
  return parse_checkpoint(serialise(out), out.name);  // with its digest, as if it were a file
}

Hearing::Hearing(ControllerNetwork& network, const Checkpoint* encoder)
    : network_(network), both_(borrowed(network.module())) {
  if (encoder == nullptr) return;
  encoder_ = network_of(*encoder);
  both_ = std::make_shared<torch::nn::Module>();
  both_->register_module("controller", borrowed(network.module()));
  both_->register_module("encoder", borrowed(encoder_->module()));
}

torch::Tensor Hearing::embed(const torch::Tensor& rows) {
  if (!encoder_) return rows;
  const std::int64_t n = rows.size(0);
  std::vector<std::int64_t> shape{2 * n};  // input, reference, input, reference, ...
  for (const auto size : encoder_->input_shape()) shape.push_back(static_cast<std::int64_t>(size));
  return encoder_->encode(rows.reshape(shape)).reshape({n, -1});
}

torch::Tensor Hearing::loss(const torch::Tensor& rows, const torch::Tensor& settings, std::span<const float> weights) {
  const auto members = static_cast<std::int64_t>(network_.members());
  const torch::Tensor each = network_.loss(network_.each(embed(rows)), settings.repeat({members, 1}), weights);
  return each.view({members, -1}).mean(0);
}

torch::Tensor Hearing::embed_all(const torch::Tensor& rows) {
  if (!encoder_) return rows;
  const torch::NoGradGuard no_grad;
  encoder_->module().eval();
  std::vector<torch::Tensor> parts;
  for (const auto& part : rows.split(64)) parts.push_back(embed(part));
  return torch::cat(parts);
}

}  // namespace soundalike::training
