#include "soundalike/network.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "fixtures/errors.hpp"
#include "infer/examples.hpp"

using namespace soundalike;

namespace {

using Shape = std::vector<std::size_t>;

Checkpoint one_layer(Shape input, Layer layer) {
  Checkpoint out{.kind = "encoder", .name = "one"};
  out.blocks["run"] = {std::move(input), {std::move(layer)}};
  return out;
}

std::vector<float> run(const Checkpoint& checkpoint, const std::vector<float>& x) {
  return Network(checkpoint, "run").run(x);
}

void check_near(const std::vector<float>& found, const std::vector<double>& expected, double tolerance = 1e-5) {
  REQUIRE(found.size() == expected.size());
  double worst = 0.0;
  for (std::size_t i = 0; i < found.size(); ++i) worst = std::max(worst, std::fabs(found[i] - expected[i]));
  CHECK(worst < tolerance);
}

// The definition, in double, position by position.
std::vector<double> convolved(const std::vector<float>& x, Shape in, const std::vector<float>& weight, Shape w,
                              const std::vector<float>& bias, Shape stride, Shape padding) {
  const std::size_t rows = (in[1] + 2 * padding[0] - w[2]) / stride[0] + 1;
  const std::size_t columns = (in[2] + 2 * padding[1] - w[3]) / stride[1] + 1;
  std::vector<double> out;
  for (std::size_t o = 0; o < w[0]; ++o) {
    for (std::size_t y = 0; y < rows; ++y) {
      for (std::size_t z = 0; z < columns; ++z) {
        double sum = bias[o];
        for (std::size_t c = 0; c < in[0]; ++c) {
          for (std::size_t i = 0; i < w[2]; ++i) {
            for (std::size_t j = 0; j < w[3]; ++j) {
              const std::size_t h = y * stride[0] + i - padding[0];  // wraps below 0: then beyond the end
              const std::size_t v = z * stride[1] + j - padding[1];
              if (h >= in[1] || v >= in[2]) continue;
              sum +=
                  static_cast<double>(x[(c * in[1] + h) * in[2] + v]) * weight[((o * w[1] + c) * w[2] + i) * w[3] + j];
            }
          }
        }
        out.push_back(sum);
      }
    }
  }
  return out;
}

// As torch documents it: every input number stamps the kernel onto the output.
std::vector<double> deconvolved(const std::vector<float>& x, Shape in, const std::vector<float>& weight, Shape w,
                                std::size_t stride, std::size_t padding, std::size_t extra) {
  const std::size_t rows = (in[1] - 1) * stride + w[2] + extra - 2 * padding;
  const std::size_t columns = (in[2] - 1) * stride + w[3] + extra - 2 * padding;
  std::vector<double> out(w[1] * rows * columns, 0.0);
  for (std::size_t c = 0; c < in[0]; ++c) {
    for (std::size_t y = 0; y < in[1]; ++y) {
      for (std::size_t z = 0; z < in[2]; ++z) {
        for (std::size_t o = 0; o < w[1]; ++o) {
          for (std::size_t i = 0; i < w[2]; ++i) {
            for (std::size_t j = 0; j < w[3]; ++j) {
              const std::size_t h = y * stride + i - padding;
              const std::size_t v = z * stride + j - padding;
              if (h >= rows || v >= columns) continue;
              out[(o * rows + h) * columns + v] +=
                  static_cast<double>(x[(c * in[1] + y) * in[2] + z]) * weight[((c * w[1] + o) * w[2] + i) * w[3] + j];
            }
          }
        }
      }
    }
  }
  return out;
}

Thrown making(const Checkpoint& checkpoint, const char* block = "run") {
  return thrown_by([&] { Network(checkpoint, block); });
}

}  // namespace

TEST_CASE("conv2d_is_the_sum_it_is_defined_as") {
  // The last one takes several tiles.
  for (const auto& [in, w, stride, padding] :
       {std::tuple{Shape{1, 9, 7}, Shape{3, 1, 3, 3}, Shape{2, 2}, Shape{1, 1}},
        std::tuple{Shape{4, 5, 6}, Shape{2, 4, 1, 1}, Shape{1, 1}, Shape{0, 0}},
        std::tuple{Shape{2, 8, 11}, Shape{5, 2, 4, 3}, Shape{3, 1}, Shape{2, 0}},
        std::tuple{Shape{16, 40, 90}, Shape{8, 16, 3, 3}, Shape{1, 2}, Shape{1, 1}}}) {
    auto checkpoint = one_layer(in, {.kind = "conv2d",
                                     .name = "c",
                                     .options = {{"stride", {double(stride[0]), double(stride[1])}},
                                                 {"padding", {double(padding[0]), double(padding[1])}}}});
    add_tensor(checkpoint, "c.weight", w, 1);
    add_tensor(checkpoint, "c.bias", {w[0]}, 2);
    const auto x = random_floats(in[0] * in[1] * in[2], 3);
    check_near(run(checkpoint, x), convolved(x, in, checkpoint.tensors["c.weight"].floats(), w,
                                             checkpoint.tensors["c.bias"].floats(), stride, padding));
  }
}

TEST_CASE("conv_transpose2d_stamps_its_kernel_for_every_input") {
  for (const auto& [in, w, stride, padding, extra] :
       {std::tuple{Shape{3, 4, 5}, Shape{3, 2, 3, 3}, 2, 1, 0}, std::tuple{Shape{2, 3, 3}, Shape{2, 4, 4, 4}, 3, 1, 2},
        std::tuple{Shape{32, 30, 40}, Shape{32, 8, 3, 3}, 2, 1, 1}}) {
    auto checkpoint = one_layer(
        in, {.kind = "conv_transpose2d",
             .name = "c",
             .options = {
                 {"stride", {double(stride)}}, {"padding", {double(padding)}}, {"output_padding", {double(extra)}}}});
    add_tensor(checkpoint, "c.weight", w, 1);
    const auto x = random_floats(in[0] * in[1] * in[2], 3);
    check_near(run(checkpoint, x),
               deconvolved(x, in, checkpoint.tensors["c.weight"].floats(), w, stride, padding, extra));
  }
}

TEST_CASE("linear_works_on_the_last_dimension") {
  auto checkpoint = one_layer({2, 3}, {.kind = "linear", .name = "l"});
  checkpoint.tensors["l.weight"] = StoredTensor::of({1, 3}, std::vector{1.0f, 10.0f, 100.0f});
  checkpoint.tensors["l.bias"] = StoredTensor::of({1}, std::vector{0.5f});
  CHECK(run(checkpoint, {1, 2, 3, 4, 5, 6}) == std::vector{321.5f, 654.5f});
}

TEST_CASE("norms_standardise") {
  const std::vector<float> x{1, 2, 3, 4, 10, 30};
  auto batch = one_layer({2, 3}, {.kind = "batch_norm", .name = "n", .options = {{"eps", {0.25}}}});
  batch.tensors["n.running_mean"] = StoredTensor::of({2}, std::vector{2.0f, 10.0f});
  batch.tensors["n.running_var"] = StoredTensor::of({2}, std::vector{0.75f, 3.75f});
  check_near(run(batch, x), {-1, 0, 1, -3, 0, 10});
  batch.tensors["n.weight"] = StoredTensor::of({2}, std::vector{2.0f, 1.0f});
  batch.tensors["n.bias"] = StoredTensor::of({2}, std::vector{1.0f, 0.0f});
  check_near(run(batch, x), {-1, 1, 3, -3, 0, 10});

  const auto layer = one_layer({2, 3}, {.kind = "layer_norm", .options = {{"eps", {1e-12}}}});
  const double s = std::sqrt(1.5);
  check_near(run(layer, {1, 2, 3, -20, 0, 20}), {-s, 0, s, -s, 0, s});

  auto affine = one_layer({3}, {.kind = "affine", .name = "a"});
  affine.tensors["a.weight"] = StoredTensor::of({3}, std::vector{2.0f, 3.0f, 4.0f});
  affine.tensors["a.bias"] = StoredTensor::of({3}, std::vector{0.0f, 1.0f, -4.0f});
  check_near(run(affine, {1, 2, 3}), {2, 7, 8});
}

TEST_CASE("a_difference_is_the_second_half_minus_the_first_and_keeps_the_second") {
  check_near(run(one_layer({6}, {.kind = "difference"}), {1, 2, 3, 10, 20, 40}), {9, 18, 37, 10, 20, 40});
  for (const std::vector<std::size_t>& shape : {std::vector<std::size_t>{5}, {2, 2}}) {
    CHECK(thrown_by([&] {
            run(one_layer(shape, {.kind = "difference"}), {1, 2, 3, 4});
          }).code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("activations_have_their_values") {
  const std::vector<float> x{-2.0f, 0.0f, 0.5f, 100.0f, -100.0f};
  const auto of = [&](const char* kind, std::map<std::string, std::vector<double>> options = {}) {
    return run(one_layer({5}, {.kind = kind, .options = std::move(options)}), x);
  };
  const auto expected = [&](double (*f)(double)) {
    std::vector<double> out;
    for (const float v : x) out.push_back(f(v));
    return out;
  };
  CHECK(of("relu") == std::vector{0.0f, 0.0f, 0.5f, 100.0f, 0.0f});
  CHECK(of("leaky_relu", {{"slope", {0.5}}}) == std::vector{-1.0f, 0.0f, 0.5f, 100.0f, -50.0f});
  CHECK(of("clamp", {{"low", {-1.0}}, {"high", {0.25}}}) == std::vector{-1.0f, 0.0f, 0.25f, 0.25f, -1.0f});
  check_near(of("sigmoid"), expected([](double v) { return 1.0 / (1.0 + std::exp(-v)); }), 1e-6);
  check_near(of("silu"), expected([](double v) { return v / (1.0 + std::exp(-v)); }), 1e-6);
  check_near(of("gelu"), expected([](double v) { return 0.5 * v * std::erfc(-v / std::sqrt(2.0)); }), 1e-5);
  check_near(of("tanh"), expected([](double v) { return std::tanh(v); }), 1e-6);
}

TEST_CASE("softmax_sums_to_one_in_each_group") {
  const auto checkpoint = one_layer({2, 5}, {.kind = "softmax", .options = {{"groups", {2.0, 3.0}}}});
  const auto y = run(checkpoint, {1000, 1000, 0, 1, 2, -1000, 1000, 5, 5, 5});
  const double sum = 1 + std::exp(1.0) + std::exp(2.0);
  check_near(y, {0.5, 0.5, 1 / sum, std::exp(1.0) / sum, std::exp(2.0) / sum, 0, 1, 1.0 / 3, 1.0 / 3, 1.0 / 3});
}

TEST_CASE("shapes_pools_and_codes") {
  CHECK(Network(one_layer({2, 3}, {.kind = "flatten"}), "run").output_shape() == Shape{6});
  CHECK(Network(one_layer({6}, {.kind = "reshape", .options = {{"shape", {3.0, 2.0}}}}), "run").output_shape() ==
        Shape{3, 2});
  CHECK(run(one_layer({2, 3}, {.kind = "mean_pool"}), {1, 2, 3, 4, 5, 9}) == std::vector{2.0f, 6.0f});
  auto codes = one_layer({2, 3}, {.kind = "quantise", .name = "q"});
  codes.tensors["q.codebook"] = StoredTensor::of({2, 2}, std::vector{0.0f, 0.0f, 1.0f, -1.0f});
  CHECK(run(codes, {0.9f, 0.1f, 0.5f, -0.9f, 0.1f, -0.5f}) == std::vector{1.0f, 0.0f, 0.0f, -1.0f, 0.0f, 0.0f});
}

TEST_CASE("residual_adds_and_parallel_joins") {
  const Layer half{.kind = "leaky_relu", .options = {{"slope", {0.5}}}};
  CHECK(run(one_layer({2}, {.kind = "residual", .inside = {half, half}}), {-4, 1}) == std::vector{-5.0f, 2.0f});
  CHECK(run(one_layer({2},
                      {.kind = "parallel", .inside = {{.kind = "relu"}, {.kind = "sequence", .inside = {half, half}}}}),
            {-4, 1}) == std::vector{0.0f, 1.0f, -1.0f, 1.0f});
}

TEST_CASE("a_network_runs_alike_on_many_threads") {
  const Network network(example_checkpoint(), "encode");
  CHECK(network.input_shape() == Shape{1, 9, 7});
  CHECK(network.output_shape() == Shape{4});
  const auto x = random_floats(network.input_size(), 9);
  const auto y = network.run(x);
  std::vector<std::vector<float>> results(8);
  std::vector<std::jthread> threads;
  for (auto& result : results) threads.emplace_back([&] { result = network.run(x); });
  threads.clear();
  for (const auto& result : results) CHECK(result == y);
  CHECK(
      thrown_by([&] { network.run(std::vector<float>(3)); }).says("takes 63 numbers of shape [1, 9, 7], given are 3"));
}

TEST_CASE("layers_that_cannot_work_are_named_when_they_are_made") {
  const auto good = [] { return example_checkpoint(); };
  CHECK(making(good(), "decode").says("it has no block 'decode'; it has encode"));
  {
    auto c = good();
    c.blocks["encode"].layers[1].kind = "exec";
    CHECK(making(c, "encode").says("block 'encode': layer 2 (exec): no such kind of layer; known are linear"));
  }
  {
    auto c = good();
    c.blocks["encode"].layers[1].options["slope"] = {1.0};
    CHECK(making(c, "encode").says("layer 2 (relu): unknown option 'slope'"));
  }
  {
    auto c = good();
    c.tensors.erase("fc.weight");
    CHECK(making(c, "encode").says("layer 5 (linear): no tensor 'fc.weight'"));
  }
  {
    auto c = good();
    add_tensor(c, "fc.weight", {4, 104}, 1);
    CHECK(making(c, "encode").says("tensor 'fc.weight' is [4, 104], which does not fit an input of [105]"));
  }
  {
    auto c = good();
    add_tensor(c, "fc.bias", {5}, 1);
    CHECK(making(c, "encode").says("tensor 'fc.bias' is [5], expected [4]"));
  }
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto c = good();
    c.tensors["fc.bias"] = StoredTensor::of({4}, std::vector{0.0f, 0.0f, bad, 0.0f});
    CHECK(making(c, "encode").says("tensor 'fc.bias' holds NaN or infinity"));
  }
  {
    auto c = good();
    c.tensors["fc.bias"] = {NumberType::i64, {4}, std::vector<std::byte>(32)};
    CHECK(making(c, "encode").says("holds i64, expected f32 or f16"));
  }
  {
    auto c = good();
    c.blocks["encode"].input = {1, 4294967296, 4294967296};
    CHECK(making(c, "encode").says("1 to 33554432 numbers are possible"));
  }
  {
    auto c = good();
    c.blocks["encode"].layers[0].options["padding"] = {30000000.0};
    CHECK(making(c, "encode").says("numbers are possible"));
  }
  {
    auto c = good();
    c.blocks["encode"].layers[0].options["stride"] = {0.0};
    CHECK(making(c, "encode").says("stride 0"));
    c.blocks["encode"].layers[0].options["stride"] = {-1.0};
    CHECK(making(c, "encode").says("'stride' holds -1, which is no size"));
    c.blocks["encode"].layers[0].options["stride"] = {1.5, 1.0};
    CHECK(making(c, "encode").says("'stride' holds 1.5"));
  }
  CHECK(
      making(one_layer({4}, {.kind = "reshape", .options = {{"shape", {3.0, 2.0}}}})).says("[4] cannot become [3, 2]"));
  CHECK(
      making(one_layer({6}, {.kind = "residual", .inside = {{.kind = "reshape", .options = {{"shape", {2.0, 3.0}}}}}}))
          .says("its layers make [2, 3] of [6]"));
  CHECK(making(one_layer({6}, {.kind = "parallel"})).says("it has no layers inside"));
  CHECK(making(one_layer({6}, {.kind = "softmax", .options = {{"groups", {5.0}}}})).says("do not add up to the 6"));
  CHECK(making(one_layer({6}, {.kind = "conv2d", .name = "c"})).says("its input is [6], expected [C, H, W]"));
}
