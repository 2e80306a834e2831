#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "soundalike/checkpoint.hpp"

namespace soundalike::infer {

using Shape = std::vector<std::size_t>;
using Values = std::vector<float>;

/// "[2, 65, 1025]", for people.
std::string to_text(const Shape& shape);
/// How many numbers it holds. @throws Error invalid_argument, `where` first, for a size of 0 or more than 2^25 in all.
std::size_t count_of(const Shape& shape, const std::string& where);

/// One layer, ready to run. Const and safe from many threads.
class Step {
 public:
  virtual ~Step() = default;
  /// @param x of the shape that the step was made for; the storage may be used again for the result.
  virtual Values run(Values x) const = 0;
};

struct BuiltStep {
  std::unique_ptr<Step> step;
  Shape output;
};

/// A layer being built: its options and tensors, each checked as it is taken.
class LayerReader {
 public:
  LayerReader(const Checkpoint& checkpoint, const Layer& layer, Shape input, std::string where);

  const Shape& input() const { return input_; }
  const Layer& layer() const { return layer_; }
  const Checkpoint& checkpoint() const { return checkpoint_; }
  const std::string& where() const { return where_; }

  double number(const char* option, double missing);
  double number(const char* option);
  /// All numbers of an option as sizes up to 2^25; empty when it is not there.
  std::vector<std::size_t> sizes(const char* option);
  /// One or two sizes, for height and width.
  std::pair<std::size_t, std::size_t> pair(const char* option, std::size_t missing);

  bool has_tensor(const char* name) const;
  /// The shape of a tensor that must be there.
  const Shape& shape_of(const char* name) const;
  /// Its numbers; its shape must be `shape`, and all of them finite.
  Values tensor(const char* name, const Shape& shape) const;
  /// The same, or numbers all alike when it is not there.
  Values tensor_or(const char* name, const Shape& shape, float missing) const;

  [[noreturn]] void fail(const std::string& what) const;
  /// Refuses options that nobody asked for.
  void check_options() const;

 private:
  const std::vector<double>* find(const char* option);
  const Checkpoint& checkpoint_;
  const Layer& layer_;
  Shape input_;
  std::string where_;
  std::set<std::string> known_options_;
};

/// Builds layers one after the other.
class Sequence final : public Step {
 public:
  Sequence(const Checkpoint& checkpoint, std::span<const Layer> layers, Shape input, const std::string& where);
  Values run(Values x) const override;
  const Shape& output() const { return output_; }

 private:
  std::vector<std::unique_ptr<Step>> steps_;
  Shape output_;
};

BuiltStep make_conv2d(LayerReader& reader);
BuiltStep make_conv_transpose2d(LayerReader& reader);
BuiltStep make_linear(LayerReader& reader);
BuiltStep make_batch_norm(LayerReader& reader);
BuiltStep make_layer_norm(LayerReader& reader);
BuiltStep make_affine(LayerReader& reader);
BuiltStep make_relu(LayerReader& reader);
BuiltStep make_leaky_relu(LayerReader& reader);
BuiltStep make_silu(LayerReader& reader);
BuiltStep make_gelu(LayerReader& reader);
BuiltStep make_sigmoid(LayerReader& reader);
BuiltStep make_tanh(LayerReader& reader);
BuiltStep make_clamp(LayerReader& reader);
BuiltStep make_softmax(LayerReader& reader);
BuiltStep make_flatten(LayerReader& reader);
BuiltStep make_reshape(LayerReader& reader);
BuiltStep make_difference(LayerReader& reader);
BuiltStep make_mean_pool(LayerReader& reader);
BuiltStep make_quantise(LayerReader& reader);
BuiltStep make_sequence(LayerReader& reader);
BuiltStep make_residual(LayerReader& reader);
BuiltStep make_parallel(LayerReader& reader);

}  // namespace soundalike::infer
