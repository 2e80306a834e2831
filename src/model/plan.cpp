#include "model/plan.hpp"

#include <cmath>
#include <functional>
#include <numeric>
#include <utility>

namespace soundalike::model {
namespace {

std::size_t count_of(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>{});
}

std::vector<double> number(std::size_t x) { return {static_cast<double>(x)}; }

double spread_of(std::size_t inputs) { return 1.0 / std::sqrt(static_cast<double>(inputs)); }

}  // namespace

Plan::Plan(Shape input) : block_{input, {}}, shape_(std::move(input)) {}

Plan& Plan::add(Layer layer) {
  block_.layers.push_back(std::move(layer));
  return *this;
}

Plan& Plan::change(Layer layer, Shape output) {
  shape_ = std::move(output);
  return add(std::move(layer));
}

Plan& Plan::conv(const std::string& name, std::size_t channels, const Kernel& kernel, bool bias) {
  const auto out = [&](std::size_t in) { return (in + 2 * kernel.padding - kernel.size) / kernel.stride + 1; };
  const double spread = spread_of(shape_[0] * kernel.size * kernel.size);
  tensors_.push_back({name + ".weight", {channels, shape_[0], kernel.size, kernel.size}, spread});
  if (bias) tensors_.push_back({name + ".bias", {channels}, spread});
  return change({"conv2d", name, {{"stride", number(kernel.stride)}, {"padding", number(kernel.padding)}}, {}},
                {channels, out(shape_[1]), out(shape_[2])});
}

Plan& Plan::conv_transpose(const std::string& name, std::size_t channels, const Kernel& kernel) {
  const auto out = [&](std::size_t in) {
    return (in - 1) * kernel.stride + kernel.size + kernel.output_padding - 2 * kernel.padding;
  };
  const double spread = spread_of(channels * kernel.size * kernel.size);
  tensors_.push_back({name + ".weight", {shape_[0], channels, kernel.size, kernel.size}, spread});
  tensors_.push_back({name + ".bias", {channels}, spread});
  return change({"conv_transpose2d",
                 name,
                 {{"stride", number(kernel.stride)},
                  {"padding", number(kernel.padding)},
                  {"output_padding", number(kernel.output_padding)}},
                 {}},
                {channels, out(shape_[1]), out(shape_[2])});
}

Plan& Plan::linear(const std::string& name, std::size_t outputs, double share) {
  const double spread = share * spread_of(shape_.back());
  tensors_.push_back({name + ".weight", {outputs, shape_.back()}, spread});
  tensors_.push_back({name + ".bias", {outputs}, spread});
  Shape out = shape_;
  out.back() = outputs;
  return change({"linear", name, {}, {}}, std::move(out));
}

Plan& Plan::fixed_linear(const std::string& name, std::size_t outputs) {
  tensors_.push_back({name + ".weight", {outputs, shape_.back()}, 0.0, 0.0, false});
  Shape out = shape_;
  out.back() = outputs;
  return change({"linear", name, {}, {}}, std::move(out));
}

Plan& Plan::batch_norm(const std::string& name) {
  const Shape channels{shape_[0]};
  tensors_.push_back({name + ".weight", channels, 0.0, 1.0});
  tensors_.push_back({name + ".bias", channels});
  tensors_.push_back({name + ".running_mean", channels, 0.0, 0.0, false});
  tensors_.push_back({name + ".running_var", channels, 0.0, 1.0, false});
  return add({"batch_norm", name, {}, {}});
}

Plan& Plan::layer_norm(const std::string& name) {
  const Shape last{shape_.back()};
  tensors_.push_back({name + ".weight", last, 0.0, 1.0});
  tensors_.push_back({name + ".bias", last});
  return add({"layer_norm", name, {}, {}});
}

Plan& Plan::flatten() { return change({.kind = "flatten"}, {count_of(shape_)}); }

Plan& Plan::reshape(const Shape& shape) {
  return change({"reshape", "", {{"shape", std::vector<double>(shape.begin(), shape.end())}}, {}}, shape);
}

Plan& Plan::quantise(const std::string& name, std::size_t codes) {
  tensors_.push_back({name + ".codebook", {codes, shape_[0]}, 1.0, 0.0, false});
  return add({"quantise", name, {}, {}});
}

Plan& Plan::mean_over_time(const std::string& name) {
  tensors_.push_back({name + ".weight", {shape_[0], shape_[0], shape_[1], 1}, 0.0, 0.0, false});
  return change({"conv2d", name, {}, {}}, {shape_[0], 1, shape_[2]});
}

Plan& Plan::residual(const std::function<void(Plan&)>& inside) {
  Plan plan(shape_);
  inside(plan);
  tensors_.insert(tensors_.end(), plan.tensors_.begin(), plan.tensors_.end());
  return add({"residual", "", {}, plan.block_.layers});
}

Plan& Plan::then(const Plan& next) {
  block_.layers.insert(block_.layers.end(), next.block_.layers.begin(), next.block_.layers.end());
  tensors_.insert(tensors_.end(), next.tensors_.begin(), next.tensors_.end());
  shape_ = next.shape_;
  return *this;
}

std::size_t Plan::parameters() const {
  std::size_t sum = 0;
  for (const TensorPlan& tensor : tensors_) sum += tensor.learnt ? count_of(tensor.shape) : 0;
  return sum;
}

}  // namespace soundalike::model
