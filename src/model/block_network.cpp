#include "model/block_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "model/quantiser.hpp"
#include "soundalike/error.hpp"

namespace soundalike::model {
namespace {

std::vector<std::int64_t> sizes_of(const Shape& shape) { return {shape.begin(), shape.end()}; }

at::Tensor initial(const TensorPlan& plan, Rng& rng) {
  at::Tensor out = torch::full(sizes_of(plan.shape), plan.value);
  if (plan.spread > 0.0) {
    auto* values = out.data_ptr<float>();
    for (std::int64_t i = 0; i < out.numel(); ++i) {
      values[i] = static_cast<float>(plan.value + rng.uniform(-plan.spread, plan.spread));
    }
  }
  return out;
}

std::int64_t option(const Layer& layer, const char* name, std::int64_t missing) {
  const auto found = layer.options.find(name);
  return found == layer.options.end() ? missing : static_cast<std::int64_t>(found->second.front());
}

double real_option(const Layer& layer, const char* name, double missing) {
  const auto found = layer.options.find(name);
  return found == layer.options.end() ? missing : found->second.front();
}

}  // namespace

BlockNetwork::BlockNetwork(Plan plan, Rng& rng) : plan_(std::move(plan)) {
  // A child per layer, so that torch's names are the plan's: "conv1.weight".
  std::map<std::string, std::shared_ptr<torch::nn::Module>> layers;
  for (const TensorPlan& tensor : plan_.tensors()) {
    const auto dot = tensor.name.find('.');
    const std::string layer = tensor.name.substr(0, dot);
    if (!layers.contains(layer)) {
      layers[layer] = register_module(layer, std::make_shared<torch::nn::Module>());
    }
    const std::string name = tensor.name.substr(dot + 1);
    tensors_[tensor.name] = tensor.learnt ? layers[layer]->register_parameter(name, initial(tensor, rng))
                                          : layers[layer]->register_buffer(name, initial(tensor, rng));
  }
  for (const Layer& layer : plan_.block().layers) {
    if (layer.kind != "conv2d" || !tensors_.contains(layer.name + ".weight")) continue;
    at::Tensor& weight = tensors_.at(layer.name + ".weight");
    if (weight.requires_grad()) continue;
    // A fixed pooling: each channel is the mean of itself.
    for (std::int64_t c = 0; c < weight.size(0); ++c)
      weight[c][c].fill_(1.0 / static_cast<double>(weight[c][c].numel()));
  }
}

const at::Tensor& BlockNetwork::tensor(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw Error(ErrorCode::internal, fmt::format("the network has no tensor '{}'", name));
  return found->second;
}

at::Tensor BlockNetwork::find(const Layer& layer, const char* name) const {
  const auto found = tensors_.find(layer.name + "." + name);
  return found == tensors_.end() ? at::Tensor() : found->second;
}

at::Tensor BlockNetwork::forward(const at::Tensor& input) { return run(plan_.block().layers, input); }

at::Tensor BlockNetwork::run(const std::vector<Layer>& layers, at::Tensor x) {
  for (const Layer& layer : layers) x = run(layer, x);
  return x;
}

at::Tensor BlockNetwork::run(const Layer& layer, const at::Tensor& x) {
  struct Row {
    std::string_view kind;
    at::Tensor (*run)(BlockNetwork&, const Layer&, const at::Tensor&);
  };
  static constexpr std::array rows{
      Row{"conv2d",
          [](BlockNetwork& net, const Layer& l, const at::Tensor& in) {
            const std::int64_t stride = option(l, "stride", 1);
            const std::int64_t padding = option(l, "padding", 0);
            return at::conv2d(in, net.find(l, "weight"), net.find(l, "bias"), {stride, stride}, {padding, padding});
          }},
      Row{"conv_transpose2d",
          [](BlockNetwork& net, const Layer& l, const at::Tensor& in) {
            const std::int64_t stride = option(l, "stride", 1);
            const std::int64_t padding = option(l, "padding", 0);
            const std::int64_t extra = option(l, "output_padding", 0);
            return at::conv_transpose2d(in, net.find(l, "weight"), net.find(l, "bias"), {stride, stride},
                                        {padding, padding}, {extra, extra});
          }},
      Row{"linear", [](BlockNetwork& net, const Layer& l,
                       const at::Tensor& in) { return at::linear(in, net.find(l, "weight"), net.find(l, "bias")); }},
      Row{"batch_norm",
          [](BlockNetwork& net, const Layer& l, const at::Tensor& in) {
            return at::batch_norm(in, net.find(l, "weight"), net.find(l, "bias"), net.find(l, "running_mean"),
                                  net.find(l, "running_var"), net.is_training(), 0.1, real_option(l, "eps", 1e-5),
                                  false);
          }},
      Row{"layer_norm",
          [](BlockNetwork& net, const Layer& l, const at::Tensor& in) {
            const at::Tensor weight = net.find(l, "weight");
            return at::layer_norm(in, weight.sizes(), weight, net.find(l, "bias"), real_option(l, "eps", 1e-5));
          }},
      Row{"relu", [](BlockNetwork&, const Layer&, const at::Tensor& in) { return at::relu(in); }},
      Row{"silu", [](BlockNetwork&, const Layer&, const at::Tensor& in) { return at::silu(in); }},
      Row{"flatten", [](BlockNetwork&, const Layer&, const at::Tensor& in) { return in.flatten(1); }},
      Row{"reshape",
          [](BlockNetwork&, const Layer& l, const at::Tensor& in) {
            std::vector<std::int64_t> shape{in.size(0)};
            for (const double size : l.options.at("shape")) shape.push_back(static_cast<std::int64_t>(size));
            return in.reshape(shape);
          }},
      Row{"quantise", [](BlockNetwork& net, const Layer& l,
                         const at::Tensor& in) { return quantise(in, net.find(l, "codebook")).values; }},
      Row{"residual",
          [](BlockNetwork& net, const Layer& l, const at::Tensor& in) { return in + net.run(l.inside, in); }},
  };
  const auto* const row = std::ranges::find(rows, std::string_view(layer.kind), &Row::kind);
  if (row == rows.end()) throw Error(ErrorCode::internal, fmt::format("no layer '{}' to be learnt", layer.kind));
  return row->run(*this, layer, x);
}

StoredTensor stored(const at::Tensor& tensor, NumberType type) {
  const at::Tensor plain = tensor.detach().cpu().to(torch::kFloat).contiguous();
  Shape shape;
  for (const auto size : plain.sizes()) shape.push_back(static_cast<std::size_t>(size));
  return StoredTensor::of(shape, {plain.data_ptr<float>(), static_cast<std::size_t>(plain.numel())}, type);
}

void load_tensor(const at::Tensor& into, const Checkpoint& from, const std::string& name) {
  const torch::NoGradGuard no_grad;
  const auto found = from.tensors.find(name);
  const bool fits = found != from.tensors.end() &&
                    std::ranges::equal(found->second.shape, into.sizes(), {}, {},
                                       [](std::int64_t size) { return static_cast<std::size_t>(size); });
  if (!fits) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot use checkpoint '{}': tensor '{}' {}; it holds another network", from.name, name,
                            found == from.tensors.end() ? "is missing" : "has another shape"));
  }
  std::vector<float> values = found->second.floats();
  into.copy_(torch::from_blob(values.data(), into.sizes(), torch::kFloat));
}

}  // namespace soundalike::model
