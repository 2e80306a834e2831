#include "model/perceptron.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

namespace soundalike::model {
namespace {

constexpr double slope = 0.01;
constexpr std::string_view pair_layer = "difference";

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

// Of the names of a member's layers.
std::string prefix_of(std::size_t member, std::size_t members) {
  return members == 1 ? std::string() : fmt::format("member{}.", member);
}

// torch allows no dots.
std::string module_name(std::string name) {
  std::ranges::replace(name, '.', '_');
  return name;
}

std::string block_of(const Checkpoint& from) {
  if (from.blocks.empty()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("checkpoint '{}' holds no network", from.name));
  }
  return from.blocks.begin()->first;
}

}  // namespace

Perceptron::Perceptron(std::size_t inputs, std::size_t outputs, PerceptronOptions options, std::uint64_t seed)
    : inputs_(inputs), outputs_(outputs), options_(std::move(options)) {
  scale_ = register_buffer("standard_scale", torch::ones({static_cast<std::int64_t>(inputs)}));
  shift_ = register_buffer("standard_shift", torch::zeros({static_cast<std::int64_t>(inputs)}));
  Rng rng = Rng::derive(seed, 0x70657263);
  std::vector<std::size_t> sizes = options_.hidden;
  sizes.push_back(outputs);
  for (std::size_t m = 0; m < options_.members; ++m) {
    Member& member = members_.emplace_back();
    const std::string prefix = prefix_of(m, options_.members);
    std::size_t from = inputs;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const auto to = static_cast<std::int64_t>(sizes[i]);
      const bool last = i + 1 == sizes.size();
      auto linear = register_module(module_name(prefix + fmt::format("linear{}", i)),
                                    torch::nn::Linear(static_cast<std::int64_t>(from), to));
      const double xavier = std::sqrt(2.0 / static_cast<double>(from + sizes[i]));
      fill_normal(linear->weight, last ? 0.01 : xavier, rng);
      const torch::NoGradGuard no_grad;
      linear->bias.zero_();
      member.linear.push_back(linear);
      if (!last) {
        member.norm.push_back(register_module(module_name(prefix + fmt::format("norm{}", i)),
                                              torch::nn::LayerNorm(torch::nn::LayerNormOptions({to}))));
      }
      from = sizes[i];
    }
  }
}

torch::Tensor Perceptron::look(const torch::Tensor& x) const {
  if (!options_.pair) return x;
  const auto both = x.chunk(2, 1);
  return torch::cat({both[1] - both[0], both[1]}, 1);
}

std::vector<torch::Tensor> Perceptron::each(const torch::Tensor& x) {
  const torch::Tensor seen = look(x) * scale_ + shift_;
  std::vector<torch::Tensor> outputs;
  for (Member& member : members_) {
    torch::Tensor y = torch::dropout(seen, options_.input_dropout, is_training());
    for (std::size_t i = 0; i < member.norm.size(); ++i) {
      y = torch::leaky_relu(member.norm[i]->forward(member.linear[i]->forward(y)), slope);
      y = torch::dropout(y, options_.dropout, is_training());
    }
    outputs.push_back(member.linear.back()->forward(y));
  }
  return outputs;
}

torch::Tensor Perceptron::forward(const torch::Tensor& x) {
  const auto outputs = each(x);
  return outputs.size() == 1 ? outputs.front() : torch::stack(outputs).mean(0);
}

void Perceptron::standardise(const torch::Tensor& inputs) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor seen = look(inputs);
  const torch::Tensor deviation = seen.std(0, false);
  scale_.copy_(torch::where(deviation < 1e-6, torch::ones_like(deviation), 1.0 / deviation.clamp_min(1e-6)));
  shift_.copy_(-seen.mean(0) * scale_);
}

void Perceptron::put(Checkpoint& into, const std::string& block, std::size_t outputs, NumberType type) const {
  Block out{{inputs_}, {}};
  const auto add = [&](std::vector<Layer>& layers, const std::string& kind, const std::string& name,
                       const torch::Tensor& weight, const torch::Tensor& bias, std::int64_t rows, NumberType as) {
    layers.push_back({.kind = kind, .name = name, .options = {}, .inside = {}});
    into.tensors[name + ".weight"] = stored_rows(weight, rows, as);
    into.tensors[name + ".bias"] = stored_rows(bias, rows, as);
  };
  if (options_.pair) out.layers.push_back({.kind = std::string(pair_layer)});
  add(out.layers, "affine", block + ".standard", scale_, shift_, static_cast<std::int64_t>(inputs_), NumberType::f32);
  std::vector<Layer> hidden;  // of each member
  std::vector<torch::Tensor> weights, biases;
  for (std::size_t m = 0; m < members(); ++m) {
    const Member& member = members_[m];
    const std::string prefix = block + "." + prefix_of(m, members());
    std::vector<Layer>& layers = hidden.emplace_back(Layer{.kind = "sequence"}).inside;
    for (std::size_t i = 0; i < member.norm.size(); ++i) {
      const std::int64_t rows = member.linear[i]->weight.size(0);
      add(layers, "linear", prefix + fmt::format("linear{}", i), member.linear[i]->weight, member.linear[i]->bias, rows,
          type);
      add(layers, "layer_norm", prefix + fmt::format("norm{}", i), member.norm[i]->weight, member.norm[i]->bias, rows,
          NumberType::f32);
      layers.push_back({.kind = "leaky_relu", .name = {}, .options = {{"slope", {slope}}}, .inside = {}});
    }
    weights.push_back(member.linear.back()->weight / static_cast<double>(members()));
    biases.push_back(member.linear.back()->bias);
  }
  if (members() == 1) {
    std::ranges::move(hidden.front().inside, std::back_inserter(out.layers));
  } else if (options_.hidden.empty()) {
    weights = {torch::stack(weights).sum(0)};
  } else {
    out.layers.push_back({.kind = "parallel", .name = {}, .options = {}, .inside = std::move(hidden)});
  }
  add(out.layers, "linear", block + fmt::format(".linear{}", options_.hidden.size()), torch::cat(weights, 1),
      torch::stack(biases).mean(0), static_cast<std::int64_t>(outputs), type);
  into.blocks[block] = std::move(out);
}

void Perceptron::take(const Checkpoint& from) {
  const std::string block = block_of(from);
  take_tensor(scale_, from, block + ".standard.weight");
  take_tensor(shift_, from, block + ".standard.bias");
  const std::string last = block + fmt::format(".linear{}", options_.hidden.size());
  std::vector<torch::Tensor> weights;
  for (const Member& member : members_) weights.push_back(torch::empty_like(member.linear.back()->weight));
  torch::Tensor all = torch::cat(weights, 1);
  take_tensor(all, from, last + ".weight");
  const auto columns = all.chunk(static_cast<std::int64_t>(members()), 1);
  for (std::size_t m = 0; m < members(); ++m) {
    const Member& member = members_[m];
    const std::string prefix = block + "." + prefix_of(m, members());
    for (std::size_t i = 0; i < member.norm.size(); ++i) {
      take_tensor(member.linear[i]->weight, from, prefix + fmt::format("linear{}.weight", i));
      take_tensor(member.linear[i]->bias, from, prefix + fmt::format("linear{}.bias", i));
      take_tensor(member.norm[i]->weight, from, prefix + fmt::format("norm{}.weight", i));
      take_tensor(member.norm[i]->bias, from, prefix + fmt::format("norm{}.bias", i));
    }
    take_tensor(member.linear.back()->bias, from, last + ".bias");
    const torch::NoGradGuard no_grad;
    member.linear.back()->weight.copy_(columns[m] * static_cast<double>(members()));
  }
}

PerceptronOptions Perceptron::shape_of(const Checkpoint& from) {
  const std::string block = block_of(from);
  const auto has = [&](const std::string& name) { return from.tensors.contains(block + "." + name + ".bias"); };
  PerceptronOptions shape{.hidden = {}, .dropout = 0.0, .input_dropout = 0.0};
  const auto& layers = from.blocks.at(block).layers;
  shape.pair = !layers.empty() && layers.front().kind == pair_layer;
  while (has(fmt::format("member{}.linear0", shape.members))) ++shape.members;
  const std::string prefix = prefix_of(0, shape.members);
  while (has(prefix + fmt::format("norm{}", shape.hidden.size()))) {
    shape.hidden.push_back(
        from.tensors.at(block + "." + prefix + fmt::format("norm{}.bias", shape.hidden.size())).count());
  }
  return shape;
}

}  // namespace soundalike::model
