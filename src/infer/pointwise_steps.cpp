#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "infer/step.hpp"

namespace soundalike::infer {
namespace {

template <typename Function>
class Pointwise final : public Step {
 public:
  explicit Pointwise(Function function) : function_(function) {}
  Values run(Values x) const override {
    for (float& value : x) value = function_(value);
    return x;
  }

 private:
  Function function_;
};

template <typename Function>
BuiltStep pointwise(const LayerReader& reader, Function function) {
  return {std::make_unique<Pointwise<Function>>(function), reader.input()};
}

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

class Softmax final : public Step {
 public:
  explicit Softmax(std::vector<std::size_t> groups) : groups_(std::move(groups)) {}
  Values run(Values x) const override {
    for (float* at = x.data(); at != x.data() + x.size();) {
      for (const std::size_t size : groups_) {
        const float largest = *std::max_element(at, at + size);
        float sum = 0.0f;
        for (std::size_t i = 0; i < size; ++i) sum += at[i] = std::exp(at[i] - largest);
        for (std::size_t i = 0; i < size; ++i) at[i] /= sum;
        at += size;
      }
    }
    return x;
  }

 private:
  std::vector<std::size_t> groups_;
};

}  // namespace

BuiltStep make_relu(LayerReader& reader) {
  return pointwise(reader, [](float x) { return x > 0.0f ? x : 0.0f; });
}

BuiltStep make_leaky_relu(LayerReader& reader) {
  const auto slope = static_cast<float>(reader.number("slope", 0.01));
  return pointwise(reader, [slope](float x) { return x > 0.0f ? x : slope * x; });
}

BuiltStep make_silu(LayerReader& reader) {
  return pointwise(reader, [](float x) { return x * sigmoid(x); });
}

BuiltStep make_gelu(LayerReader& reader) {
  return pointwise(
      reader, [](float x) { return 0.5f * x * (1.0f + std::erf(x * static_cast<float>(1.0 / std::numbers::sqrt2))); });
}

BuiltStep make_sigmoid(LayerReader& reader) { return pointwise(reader, sigmoid); }

BuiltStep make_tanh(LayerReader& reader) {
  return pointwise(reader, [](float x) { return std::tanh(x); });
}

BuiltStep make_clamp(LayerReader& reader) {
  const auto low = static_cast<float>(reader.number("low"));
  const auto high = static_cast<float>(reader.number("high"));
  if (!(low <= high)) reader.fail(fmt::format("'low' is {:g}, above 'high', {:g}", low, high));
  return pointwise(reader, [low, high](float x) { return std::min(std::max(x, low), high); });
}

BuiltStep make_softmax(LayerReader& reader) {
  if (reader.input().empty()) reader.fail("its input is one number, expected a vector");
  const std::size_t size = reader.input().back();
  auto groups = reader.sizes("groups");
  if (groups.empty()) groups = {size};
  if (std::accumulate(groups.begin(), groups.end(), std::size_t{0}) != size ||
      std::ranges::find(groups, std::size_t{0}) != groups.end()) {
    reader.fail(fmt::format("its groups do not add up to the {} numbers it gets", size));
  }
  return {std::make_unique<Softmax>(std::move(groups)), reader.input()};
}

}  // namespace soundalike::infer
