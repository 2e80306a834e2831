#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "soundalike/error.hpp"
#include "soundalike/forest.hpp"

namespace soundalike {
namespace {

template <class T>
StoredTensor store(NumberType type, std::vector<std::size_t> shape, const std::vector<T>& values) {
  StoredTensor tensor{type, std::move(shape), std::vector<std::byte>(values.size() * sizeof(T))};
  if (!values.empty()) std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  return tensor;
}

[[noreturn]] void refuse(std::string_view origin, const std::string& reason) {
  throw Error(ErrorCode::invalid_argument, fmt::format("cannot read the forest '{}': {}", origin, reason));
}

template <class T>
std::vector<T> load(const Checkpoint& checkpoint, const std::string& name, NumberType type, std::string_view origin) {
  const auto found = checkpoint.tensors.find(name);
  if (found == checkpoint.tensors.end() || found->second.type != type ||
      found->second.bytes.size() != found->second.count() * sizeof(T)) {
    refuse(origin, fmt::format("it has no tensor '{}' of type {}", name, to_string(type)));
  }
  std::vector<T> values(found->second.count());
  if (!values.empty()) std::memcpy(values.data(), found->second.bytes.data(), found->second.bytes.size());
  return values;
}

}  // namespace

Checkpoint Forest::checkpoint() const {
  std::vector<std::int64_t> feature, child;
  std::vector<float> threshold;
  for (const Node& node : nodes_) {
    feature.push_back(node.feature);
    threshold.push_back(node.threshold);
    child.push_back(node.child);
  }
  const std::vector<std::int64_t> shape{static_cast<std::int64_t>(features_), static_cast<std::int64_t>(outputs_)};
  Checkpoint out;
  out.kind = "forest";
  out.tensors["shape"] = store(NumberType::i64, {2}, shape);
  out.tensors["root"] = store(NumberType::i64, {roots_.size()}, roots_);
  out.tensors["feature"] = store(NumberType::i64, {nodes_.size()}, feature);
  out.tensors["threshold"] = store(NumberType::f32, {nodes_.size()}, threshold);
  out.tensors["child"] = store(NumberType::i64, {nodes_.size()}, child);
  out.tensors["value"] = store(NumberType::f32, {values_.size() / outputs_, outputs_}, values_);
  out.tensors["out_of_bag_error"] = store(NumberType::f64, {outputs_}, out_of_bag_error_);
  return out;
}

Forest Forest::from(const Checkpoint& checkpoint, std::string_view origin) {
  if (checkpoint.kind != "forest") refuse(origin, fmt::format("it is a checkpoint of kind '{}'", checkpoint.kind));
  const auto shape = load<std::int64_t>(checkpoint, "shape", NumberType::i64, origin);
  const auto feature = load<std::int64_t>(checkpoint, "feature", NumberType::i64, origin);
  const auto threshold = load<float>(checkpoint, "threshold", NumberType::f32, origin);
  const auto child = load<std::int64_t>(checkpoint, "child", NumberType::i64, origin);
  Forest forest;
  forest.roots_ = load<std::int64_t>(checkpoint, "root", NumberType::i64, origin);
  forest.values_ = load<float>(checkpoint, "value", NumberType::f32, origin);
  forest.out_of_bag_error_ = load<double>(checkpoint, "out_of_bag_error", NumberType::f64, origin);
  if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1) refuse(origin, "it has no features or no outputs");
  forest.features_ = static_cast<std::size_t>(shape[0]);
  forest.outputs_ = static_cast<std::size_t>(shape[1]);
  if (forest.roots_.empty() || threshold.size() != feature.size() || child.size() != feature.size() ||
      forest.values_.size() % forest.outputs_ != 0 || forest.out_of_bag_error_.size() != forest.outputs_) {
    refuse(origin, "its tensors do not fit together");
  }
  const auto nodes = static_cast<std::int64_t>(feature.size());
  const auto leaves = static_cast<std::int64_t>(forest.values_.size() / forest.outputs_);
  const auto is_finite = [](float x) { return std::isfinite(x); };
  const auto is_node = [&](std::int64_t root) { return root >= 0 && root < nodes; };
  if (!std::ranges::all_of(forest.roots_, is_node)) refuse(origin, "a root is not among its nodes");
  if (!std::ranges::all_of(forest.values_, is_finite) || !std::ranges::all_of(threshold, is_finite)) {
    refuse(origin, "it holds numbers that are not finite");
  }
  for (std::size_t i = 0; i < feature.size(); ++i) {
    const Node node{feature[i], threshold[i], child[i]};
    // Children come after their parent: whoever walks down arrives.
    const bool is_sound = node.feature == -1 ? node.child >= 0 && node.child < leaves
                                             : node.feature >= 0 && node.feature < shape[0] &&
                                                   node.child > static_cast<std::int64_t>(i) && node.child < nodes - 1;
    if (!is_sound) refuse(origin, fmt::format("node {} points nowhere", i));
    forest.nodes_.push_back(node);
  }
  return forest;
}

}  // namespace soundalike
