#include "soundalike/forest_checkpoint.hpp"

#include <fmt/format.h>

#include <cstring>
#include <string>

#include "soundalike/error.hpp"

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

Checkpoint forest_checkpoint(const Forest& forest) {
  const Forest::Parts& parts = forest.parts();
  std::vector<std::int64_t> feature, child;
  std::vector<float> threshold;
  for (const Forest::Node& node : parts.nodes) {
    feature.push_back(node.feature);
    threshold.push_back(node.threshold);
    child.push_back(node.child);
  }
  const std::vector<std::int64_t> shape{static_cast<std::int64_t>(parts.features),
                                        static_cast<std::int64_t>(parts.outputs)};
  Checkpoint out;
  out.kind = "forest";
  out.tensors["shape"] = store(NumberType::i64, {2}, shape);
  out.tensors["root"] = store(NumberType::i64, {parts.roots.size()}, parts.roots);
  out.tensors["feature"] = store(NumberType::i64, {feature.size()}, feature);
  out.tensors["threshold"] = store(NumberType::f32, {feature.size()}, threshold);
  out.tensors["child"] = store(NumberType::i64, {feature.size()}, child);
  out.tensors["value"] = store(NumberType::f32, {parts.values.size() / parts.outputs, parts.outputs}, parts.values);
  out.tensors["out_of_bag_error"] = store(NumberType::f64, {parts.outputs}, parts.out_of_bag_error);
  return out;
}

Forest forest_of(const Checkpoint& checkpoint, std::string_view origin) {
  if (checkpoint.kind != "forest") refuse(origin, fmt::format("it is a checkpoint of kind '{}'", checkpoint.kind));
  const auto shape = load<std::int64_t>(checkpoint, "shape", NumberType::i64, origin);
  const auto feature = load<std::int64_t>(checkpoint, "feature", NumberType::i64, origin);
  const auto threshold = load<float>(checkpoint, "threshold", NumberType::f32, origin);
  const auto child = load<std::int64_t>(checkpoint, "child", NumberType::i64, origin);
  if (shape.size() != 2 || shape[0] < 1 || shape[1] < 1) refuse(origin, "it has no features or no outputs");
  if (threshold.size() != feature.size() || child.size() != feature.size()) {
    refuse(origin, "its tensors do not fit together");
  }
  Forest::Parts parts{static_cast<std::size_t>(shape[0]), static_cast<std::size_t>(shape[1])};
  parts.roots = load<std::int64_t>(checkpoint, "root", NumberType::i64, origin);
  parts.values = load<float>(checkpoint, "value", NumberType::f32, origin);
  parts.out_of_bag_error = load<double>(checkpoint, "out_of_bag_error", NumberType::f64, origin);
  for (std::size_t i = 0; i < feature.size(); ++i) parts.nodes.push_back({feature[i], threshold[i], child[i]});
  try {
    return Forest::of(std::move(parts));
  } catch (const Error& error) {
    refuse(origin, error.what());
  }
}

}  // namespace soundalike
