#include "model/perceptron.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

namespace soundalike::model {
namespace {

constexpr double slope = 0.01;

StoredTensor stored_rows(const torch::Tensor& tensor, std::int64_t rows, NumberType type) {
  const torch::Tensor plain = tensor.detach().slice(0, 0, rows).cpu().to(torch::kFloat).contiguous();
  std::vector<std::size_t> shape;
  for (const auto size : plain.sizes()) shape.push_back(static_cast<std::size_t>(size));
  return StoredTensor::of(std::move(shape), {plain.data_ptr<float>(), static_cast<std::size_t>(plain.numel())}, type);
}

void take_tensor(torch::Tensor into, const Checkpoint& from, const std::string& name) {
  const auto found = from.tensors.find(name);
  const std::vector<float> values = found == from.tensors.end() ? std::vector<float>{} : found->second.floats();
  if (values.size() != static_cast<std::size_t>(into.numel())) {
    throw Error(
        ErrorCode::invalid_argument,
        fmt::format("cannot go on with checkpoint '{}': tensor '{}' is missing or of another size", from.name, name));
  }
  const torch::NoGradGuard no_grad;
  into.copy_(torch::from_blob(const_cast<float*>(values.data()), into.sizes(), torch::kFloat));  // only read
}

void fill_normal(torch::Tensor& weights, double deviation, Rng& rng) {
  const torch::NoGradGuard no_grad;
  for (std::int64_t i = 0; i < weights.numel(); ++i) {
    weights.data_ptr<float>()[i] = static_cast<float>(deviation * rng.normal());
  }
}

}  // namespace

Perceptron::Perceptron(std::size_t inputs, std::size_t outputs, PerceptronOptions options, std::uint64_t seed)
    : inputs_(inputs), outputs_(outputs), options_(std::move(options)) {
  scale_ = register_buffer("standard_scale", torch::ones({static_cast<std::int64_t>(inputs)}));
  shift_ = register_buffer("standard_shift", torch::zeros({static_cast<std::int64_t>(inputs)}));
  Rng rng = Rng::derive(seed, 0x70657263);
  std::size_t from = inputs;
  std::vector<std::size_t> sizes = options_.hidden;
  sizes.push_back(outputs);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const auto to = static_cast<std::int64_t>(sizes[i]);
    const bool last = i + 1 == sizes.size();
    auto linear = register_module(fmt::format("linear{}", i), torch::nn::Linear(static_cast<std::int64_t>(from), to));
    const double xavier = std::sqrt(2.0 / static_cast<double>(from + sizes[i]));
    fill_normal(linear->weight, last ? 0.01 : xavier, rng);
    const torch::NoGradGuard no_grad;
    linear->bias.zero_();
    linear_.push_back(linear);
    if (!last)
      norm_.push_back(
          register_module(fmt::format("norm{}", i), torch::nn::LayerNorm(torch::nn::LayerNormOptions({to}))));
    from = sizes[i];
  }
}

torch::Tensor Perceptron::forward(const torch::Tensor& x) {
  torch::Tensor y = torch::dropout(x * scale_ + shift_, options_.dropout, is_training());
  for (std::size_t i = 0; i < norm_.size(); ++i) {
    y = torch::leaky_relu(norm_[i]->forward(linear_[i]->forward(y)), slope);
    y = torch::dropout(y, options_.dropout, is_training());
  }
  return linear_.back()->forward(y);
}

void Perceptron::standardise(const torch::Tensor& mean, const torch::Tensor& deviation) {
  const torch::NoGradGuard no_grad;
  scale_.copy_(torch::where(deviation < 1e-6, torch::ones_like(deviation), 1.0 / deviation.clamp_min(1e-6)));
  shift_.copy_(-mean * scale_);
}

void Perceptron::put(Checkpoint& into, const std::string& block, std::size_t outputs, NumberType type) const {
  Block out{{inputs_}, {}};
  const auto add = [&](const std::string& kind, const std::string& name, const torch::Tensor& weight,
                       const torch::Tensor& bias, std::int64_t rows, NumberType as) {
    out.layers.push_back({.kind = kind, .name = name, .options = {}, .inside = {}});
    into.tensors[name + ".weight"] = stored_rows(weight, rows, as);
    into.tensors[name + ".bias"] = stored_rows(bias, rows, as);
  };
  add("affine", block + ".standard", scale_, shift_, static_cast<std::int64_t>(inputs_), NumberType::f32);
  for (std::size_t i = 0; i < linear_.size(); ++i) {
    const bool last = i == norm_.size();
    const std::int64_t rows = last ? static_cast<std::int64_t>(outputs) : linear_[i]->weight.size(0);
    add("linear", fmt::format("{}.linear{}", block, i), linear_[i]->weight, linear_[i]->bias, rows, type);
    if (last) break;
    add("layer_norm", fmt::format("{}.norm{}", block, i), norm_[i]->weight, norm_[i]->bias, rows, NumberType::f32);
    out.layers.push_back({.kind = "leaky_relu", .name = {}, .options = {{"slope", {slope}}}, .inside = {}});
  }
  into.blocks[block] = std::move(out);
}

void Perceptron::take(const Checkpoint& from) {
  if (from.blocks.empty()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("checkpoint '{}' holds no network", from.name));
  }
  const std::string block = from.blocks.begin()->first;
  take_tensor(scale_, from, block + ".standard.weight");
  take_tensor(shift_, from, block + ".standard.bias");
  for (std::size_t i = 0; i < linear_.size(); ++i) {
    take_tensor(linear_[i]->weight, from, fmt::format("{}.linear{}.weight", block, i));
    take_tensor(linear_[i]->bias, from, fmt::format("{}.linear{}.bias", block, i));
    if (i == norm_.size()) break;
    take_tensor(norm_[i]->weight, from, fmt::format("{}.norm{}.weight", block, i));
    take_tensor(norm_[i]->bias, from, fmt::format("{}.norm{}.bias", block, i));
  }
}

}  // namespace soundalike::model
