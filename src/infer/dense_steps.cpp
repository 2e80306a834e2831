#include <Eigen/Dense>

#include <fmt/format.h>

#include <cmath>

#include "infer/step.hpp"

namespace soundalike::infer {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Eigen::Index;

class Linear final : public Step {
 public:
  Linear(Values weight, Values bias, std::size_t inputs, std::size_t rows)
      : weight_(std::move(weight)), bias_(std::move(bias)), inputs_(inputs), rows_(rows) {}

  Values run(Values x) const override {
    const auto outputs = static_cast<Index>(bias_.size());
    Values out(rows_ * bias_.size());
    const Eigen::Map<const Matrix> weight(weight_.data(), outputs, static_cast<Index>(inputs_));
    const Eigen::Map<const Eigen::VectorXf> bias(bias_.data(), outputs);
    for (std::size_t r = 0; r < rows_; ++r) {
      const Eigen::Map<const Eigen::VectorXf> from(x.data() + r * inputs_, static_cast<Index>(inputs_));
      Eigen::Map<Eigen::VectorXf> to(out.data() + r * bias_.size(), outputs);
      to.noalias() = weight * from;
      to += bias;
    }
    return out;
  }

 private:
  Values weight_;  // [out, in]
  Values bias_;
  std::size_t inputs_, rows_;
};

// scale * x + shift, each pair for `run` numbers in a row.
class ScaleAndShift final : public Step {
 public:
  ScaleAndShift(Values scale, Values shift, std::size_t run)
      : scale_(std::move(scale)), shift_(std::move(shift)), run_(run) {}

  Values run(Values x) const override {
    for (std::size_t c = 0; c < scale_.size(); ++c) {
      float* at = x.data() + c * run_;
      for (std::size_t i = 0; i < run_; ++i) at[i] = scale_[c] * at[i] + shift_[c];
    }
    return x;
  }

 private:
  Values scale_, shift_;
  std::size_t run_;
};

class LayerNorm final : public Step {
 public:
  LayerNorm(Values scale, Values shift, double eps) : scale_(std::move(scale)), shift_(std::move(shift)), eps_(eps) {}

  Values run(Values x) const override {
    const std::size_t size = scale_.size();
    for (std::size_t first = 0; first < x.size(); first += size) {
      float* at = x.data() + first;
      double mean = 0.0;
      for (std::size_t i = 0; i < size; ++i) mean += at[i];
      mean /= static_cast<double>(size);
      double variance = 0.0;
      for (std::size_t i = 0; i < size; ++i) variance += (at[i] - mean) * (at[i] - mean);
      const double inverse = 1.0 / std::sqrt(variance / static_cast<double>(size) + eps_);
      for (std::size_t i = 0; i < size; ++i) {
        at[i] = static_cast<float>((at[i] - mean) * inverse) * scale_[i] + shift_[i];
      }
    }
    return x;
  }

 private:
  Values scale_, shift_;
  double eps_;
};

double positive_eps(LayerReader& reader) {
  const double eps = reader.number("eps", 1e-5);
  if (!(eps > 0.0)) reader.fail(fmt::format("'eps' is {:g}, expected a number above 0", eps));
  return eps;
}

}  // namespace

BuiltStep make_linear(LayerReader& reader) {
  Shape shape = reader.input();
  const Shape& weight = reader.shape_of("weight");
  if (shape.empty() || weight.size() != 2 || weight[1] != shape.back()) {
    reader.fail(fmt::format("tensor '{}.weight' is {}, which does not fit an input of {}", reader.layer().name,
                            to_text(weight), to_text(shape)));
  }
  const std::size_t inputs = shape.back();
  const std::size_t rows = count_of(shape, reader.where()) / inputs;
  shape.back() = weight[0];
  return {std::make_unique<Linear>(reader.tensor("weight", {weight[0], inputs}),
                                   reader.tensor_or("bias", {weight[0]}, 0.0f), inputs, rows),
          shape};
}

BuiltStep make_batch_norm(LayerReader& reader) {
  if (reader.input().empty()) reader.fail("its input is one number, expected channels");
  const Shape channels{reader.input()[0]};
  const double eps = positive_eps(reader);
  const Values mean = reader.tensor("running_mean", channels);
  const Values variance = reader.tensor("running_var", channels);
  Values scale = reader.tensor_or("weight", channels, 1.0f);
  Values shift = reader.tensor_or("bias", channels, 0.0f);
  for (std::size_t c = 0; c < scale.size(); ++c) {
    if (variance[c] < 0.0f) reader.fail(fmt::format("tensor '{}.running_var' is negative", reader.layer().name));
    const double factor = scale[c] / std::sqrt(variance[c] + eps);
    scale[c] = static_cast<float>(factor);
    shift[c] = static_cast<float>(shift[c] - factor * mean[c]);
  }
  const std::size_t run = count_of(reader.input(), reader.where()) / channels[0];
  return {std::make_unique<ScaleAndShift>(std::move(scale), std::move(shift), run), reader.input()};
}

BuiltStep make_layer_norm(LayerReader& reader) {
  const Shape& input = reader.input();
  const double eps = positive_eps(reader);
  if (input.empty()) reader.fail("its input is one number, expected a vector");
  const Shape shape = reader.has_tensor("weight") ? reader.shape_of("weight") : Shape{input.back()};
  if (shape.empty() || shape.size() > input.size() || !std::equal(shape.rbegin(), shape.rend(), input.rbegin())) {
    reader.fail(fmt::format("tensor '{}.weight' is {}, which does not fit an input of {}", reader.layer().name,
                            to_text(shape), to_text(input)));
  }
  return {
      std::make_unique<LayerNorm>(reader.tensor_or("weight", shape, 1.0f), reader.tensor_or("bias", shape, 0.0f), eps),
      input};
}

BuiltStep make_affine(LayerReader& reader) {
  const Shape& input = reader.input();
  const bool by_channel = input.size() > 1 && reader.shape_of("weight") == Shape{input[0]};
  const Shape shape = by_channel ? Shape{input[0]} : input;
  const std::size_t run = by_channel ? count_of(input, reader.where()) / input[0] : 1;
  return {std::make_unique<ScaleAndShift>(reader.tensor("weight", shape), reader.tensor("bias", shape), run), input};
}

}  // namespace soundalike::infer
