#include <Eigen/Dense>

#include <fmt/format.h>

#include <algorithm>

#include "infer/step.hpp"

namespace soundalike::infer {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Index = Eigen::Index;

// Numbers in the matrix of patches that one product takes: stays in the second-level cache.
constexpr std::size_t tile_numbers = 1 << 17;

struct Axis {
  std::size_t in, out, kernel, stride, padding;
};

// Where kernel tap `tap` at position `place` of the strided side falls on the dense side; below 0 or beyond: padding.
std::ptrdiff_t dense_place(const Axis& axis, std::size_t place, std::size_t tap) {
  return static_cast<std::ptrdiff_t>(place * axis.stride + tap) - static_cast<std::ptrdiff_t>(axis.padding);
}

std::pair<std::size_t, std::size_t> check_image(const LayerReader& reader, std::size_t channel_axis) {
  if (reader.input().size() != 3) {
    reader.fail(fmt::format("its input is {}, expected [C, H, W]", to_text(reader.input())));
  }
  const Shape& weight = reader.shape_of("weight");
  if (weight.size() != 4 || weight[channel_axis] != reader.input()[0]) {
    reader.fail(fmt::format("tensor '{}.weight' is {}, which does not fit an input of {}", reader.layer().name,
                            to_text(weight), to_text(reader.input())));
  }
  return {weight[2], weight[3]};
}

class Conv2d final : public Step {
 public:
  Conv2d(Matrix weight, Values bias, std::size_t channels, Axis rows, Axis columns)
      : weight_(std::move(weight)), bias_(std::move(bias)), channels_(channels), rows_(rows), columns_(columns) {}

  Values run(Values x) const override {
    const std::size_t positions = rows_.out * columns_.out;
    const auto patch = static_cast<std::size_t>(weight_.cols());
    const std::size_t tile = std::clamp<std::size_t>(tile_numbers / patch, 1, positions);
    Values out(bias_.size() * positions);
    Eigen::Map<Matrix> result(out.data(), weight_.rows(), static_cast<Index>(positions));
    Matrix patches(weight_.cols(), static_cast<Index>(tile));
    for (std::size_t first = 0; first < positions; first += tile) {
      const std::size_t count = std::min(tile, positions - first);
      gather(x, first, count, patches);
      result.middleCols(static_cast<Index>(first), static_cast<Index>(count)).noalias() =
          weight_ * patches.leftCols(static_cast<Index>(count));
    }
    result.colwise() += Eigen::Map<const Eigen::VectorXf>(bias_.data(), static_cast<Index>(bias_.size()));
    return out;
  }

 private:
  // The input under each kernel tap, for `count` output positions: one row per channel and tap.
  void gather(const Values& x, std::size_t first, std::size_t count, Matrix& patches) const {
    Index row = 0;
    for (std::size_t c = 0; c < channels_; ++c) {
      for (std::size_t i = 0; i < rows_.kernel; ++i) {
        for (std::size_t j = 0; j < columns_.kernel; ++j, ++row) {
          float* to = patches.row(row).data();
          for (std::size_t done = 0; done < count;) {
            const std::size_t y = (first + done) / columns_.out;
            const std::size_t start = (first + done) % columns_.out;
            const std::size_t run = std::min(count - done, columns_.out - start);
            const std::ptrdiff_t h = dense_place(rows_, y, i);
            if (h < 0 || h >= static_cast<std::ptrdiff_t>(rows_.in)) {
              std::fill_n(to + done, run, 0.0f);
            } else {
              const float* from = x.data() + (c * rows_.in + static_cast<std::size_t>(h)) * columns_.in;
              for (std::size_t k = 0; k < run; ++k) {
                const std::ptrdiff_t w = dense_place(columns_, start + k, j);
                to[done + k] = w < 0 || w >= static_cast<std::ptrdiff_t>(columns_.in) ? 0.0f : from[w];
              }
            }
            done += run;
          }
        }
      }
    }
  }

  Matrix weight_;  // [out, C * h * w]
  Values bias_;
  std::size_t channels_;
  Axis rows_, columns_;
};

// The transpose of Conv2d: what that gathers, this scatters. `in` is the strided side, `out` the dense one.
class ConvTranspose2d final : public Step {
 public:
  ConvTranspose2d(Matrix weight, Values bias, Axis rows, Axis columns)
      : weight_(std::move(weight)), bias_(std::move(bias)), rows_(rows), columns_(columns) {}

  Values run(Values x) const override {
    const std::size_t positions = rows_.in * columns_.in;
    const auto patch = static_cast<std::size_t>(weight_.rows());
    const std::size_t tile = std::clamp<std::size_t>(tile_numbers / patch, 1, positions);
    const std::size_t plane = rows_.out * columns_.out;
    Values out(bias_.size() * plane);
    for (std::size_t c = 0; c < bias_.size(); ++c)
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(c * plane), plane, bias_[c]);
    const Eigen::Map<const Matrix> input(x.data(), weight_.cols(), static_cast<Index>(positions));
    Matrix patches(weight_.rows(), static_cast<Index>(tile));
    for (std::size_t first = 0; first < positions; first += tile) {
      const std::size_t count = std::min(tile, positions - first);
      patches.leftCols(static_cast<Index>(count)).noalias() =
          weight_ * input.middleCols(static_cast<Index>(first), static_cast<Index>(count));
      scatter(patches, first, count, out);
    }
    return out;
  }

 private:
  void scatter(const Matrix& patches, std::size_t first, std::size_t count, Values& out) const {
    Index row = 0;
    for (std::size_t c = 0; c < bias_.size(); ++c) {
      for (std::size_t i = 0; i < rows_.kernel; ++i) {
        for (std::size_t j = 0; j < columns_.kernel; ++j, ++row) {
          const float* from = patches.row(row).data();
          for (std::size_t k = 0; k < count; ++k) {
            const std::ptrdiff_t h = dense_place(rows_, (first + k) / columns_.in, i);
            const std::ptrdiff_t w = dense_place(columns_, (first + k) % columns_.in, j);
            if (h < 0 || h >= static_cast<std::ptrdiff_t>(rows_.out) || w < 0 ||
                w >= static_cast<std::ptrdiff_t>(columns_.out)) {
              continue;
            }
            out[(c * rows_.out + static_cast<std::size_t>(h)) * columns_.out + static_cast<std::size_t>(w)] += from[k];
          }
        }
      }
    }
  }

  Matrix weight_;  // [out * h * w, C]
  Values bias_;
  Axis rows_, columns_;
};

}  // namespace

BuiltStep make_conv2d(LayerReader& reader) {
  const auto [height, width] = check_image(reader, 1);
  const auto stride = reader.pair("stride", 1);
  const auto padding = reader.pair("padding", 0);
  const Shape& in = reader.input();
  const std::size_t outputs = reader.shape_of("weight")[0];
  const auto axis = [&](std::size_t size, std::size_t kernel, std::size_t step, std::size_t pad) {
    if (step == 0 || kernel == 0 || size + 2 * pad < kernel) {
      reader.fail(fmt::format("a kernel of {} with stride {} and padding {} does not fit an input of {}", kernel, step,
                              pad, to_text(in)));
    }
    return Axis{size, (size + 2 * pad - kernel) / step + 1, kernel, step, pad};
  };
  const Axis rows = axis(in[1], height, stride.first, padding.first);
  const Axis columns = axis(in[2], width, stride.second, padding.second);
  const Values weight = reader.tensor("weight", {outputs, in[0], height, width});
  Values bias = reader.tensor_or("bias", {outputs}, 0.0f);
  const auto patch = static_cast<Index>(in[0] * height * width);
  return {std::make_unique<Conv2d>(Eigen::Map<const Matrix>(weight.data(), static_cast<Index>(outputs), patch),
                                   std::move(bias), in[0], rows, columns),
          {outputs, rows.out, columns.out}};
}

BuiltStep make_conv_transpose2d(LayerReader& reader) {
  const auto [height, width] = check_image(reader, 0);
  const auto stride = reader.pair("stride", 1);
  const auto padding = reader.pair("padding", 0);
  const auto extra = reader.pair("output_padding", 0);
  const Shape& in = reader.input();
  const std::size_t outputs = reader.shape_of("weight")[1];
  const auto axis = [&](std::size_t size, std::size_t kernel, std::size_t step, std::size_t pad, std::size_t more) {
    if (step == 0 || kernel == 0 || (size - 1) * step + kernel + more <= 2 * pad) {
      reader.fail(fmt::format("a kernel of {} with stride {} and padding {} does not fit an input of {}", kernel, step,
                              pad, to_text(in)));
    }
    return Axis{size, (size - 1) * step + kernel + more - 2 * pad, kernel, step, pad};
  };
  const Axis rows = axis(in[1], height, stride.first, padding.first, extra.first);
  const Axis columns = axis(in[2], width, stride.second, padding.second, extra.second);
  const Values weight = reader.tensor("weight", {in[0], outputs, height, width});
  Values bias = reader.tensor_or("bias", {outputs}, 0.0f);
  const auto patch = static_cast<Index>(outputs * height * width);
  const Matrix transposed = Eigen::Map<const Matrix>(weight.data(), static_cast<Index>(in[0]), patch).transpose();
  return {std::make_unique<ConvTranspose2d>(transposed, std::move(bias), rows, columns),
          {outputs, rows.out, columns.out}};
}

}  // namespace soundalike::infer
