#include "soundalike/controller_network.hpp"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include "fixtures/errors.hpp"
#include "soundalike/controller.hpp"
#include "soundalike/rng.hpp"

using namespace soundalike;

namespace {

ControlledEffect effect() {
  ControlledEffect result{"lv2:test", "Test", "1", {"gain", "mode", "tone"}, {}};
  result.knobs = {{"gain", 0, 0.0f, 1.0f}, {"mode", 3, 0.0f, 1.0f}, {"tone", 0, 0.25f, 0.5f}};
  return result;
}

torch::Tensor numbers(std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
  Rng rng(seed);
  torch::Tensor x = torch::empty({rows, columns});
  for (std::int64_t i = 0; i < x.numel(); ++i) x.data_ptr<float>()[i] = static_cast<float>(rng.normal());
  return x;
}

void give_weights(torch::nn::Module& module, std::uint64_t seed) {
  const torch::NoGradGuard no_grad;
  for (auto& p : module.parameters()) p.add_(0.5 * numbers(1, p.numel(), seed++).view(p.sizes()));
}

}  // namespace

TEST_CASE("settings_start_in_the_middle_of_their_bounds") {
  ControllerNetwork network({effect()}, 8, {}, 1);
  network.module().eval();
  const auto out = network.forward(numbers(16, 8, 2));
  CHECK((out.settings.select(1, 0) - 0.5).abs().max().item<float>() < 0.06f);
  CHECK((out.settings.select(1, 2) - 0.375).abs().max().item<float>() < 0.015f);
}

TEST_CASE("what_infer_predicts_from_the_export_equals_torch") {
  ControllerNetwork network({effect()}, 8, {{16, 8}, 0.2, 1, 0.2}, 1);
  give_weights(network.module(), 3);
  network.standardise(3.0 * numbers(30, 8, 4) + 1.0);
  network.module().eval();
  Checkpoint checkpoint = network.checkpoint();
  checkpoint.name = "test";
  const Controller controller(checkpoint);
  const torch::Tensor x = numbers(20, 8, 5);
  const auto out = network.forward(x);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    const float* row = x[i].data_ptr<float>();
    const auto predictions = controller.predict({row, 4}, {row + 4, 4});
    REQUIRE(predictions.size() == 3);
    for (std::int64_t k = 0; k < 3; ++k) {
      const auto& prediction = predictions[static_cast<std::size_t>(k)];
      CHECK(prediction.setting == doctest::Approx(out.settings[i][k].item<float>()).epsilon(1e-5));
      if (k == 1) continue;
      const float spread = std::exp(0.5f * out.log_variance[i][k].item<float>());
      CHECK(prediction.spread == doctest::Approx(std::clamp(spread, 0.005f, 0.5f)).epsilon(1e-4));
    }
    const torch::Tensor odds = torch::softmax(out.logits[1][i], 0);
    CHECK(predictions[1].probabilities[2] == doctest::Approx(odds[2].item<float>()).epsilon(1e-4));
  }
}

TEST_CASE("several_members_predict_the_mean_of_what_each_says_and_are_stored_so") {
  ControllerNetwork network({effect()}, 8, {{16, 8}, 0.0, 3, 0.0}, 1);
  give_weights(network.module(), 3);
  network.standardise(3.0 * numbers(30, 8, 4) + 1.0);
  network.module().eval();
  const torch::Tensor x = numbers(20, 8, 5);
  const auto logit = [](const torch::Tensor& settings) { return torch::logit(settings.select(1, 0)); };
  const auto together = network.forward(x);
  const torch::Tensor each = logit(network.each(x).settings).view({3, 20});
  CHECK((each[0] - each[1]).abs().max().item<float>() > 0.1f);
  CHECK(torch::allclose(each.mean(0), logit(together.settings), 1e-4, 1e-4));

  Checkpoint checkpoint = network.checkpoint();
  checkpoint.name = "test";
  const Controller controller(checkpoint);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    const float* row = x[i].data_ptr<float>();
    const auto predictions = controller.predict({row, 4}, {row + 4, 4});
    for (const std::int64_t k : {0, 2}) {
      CHECK(predictions[static_cast<std::size_t>(k)].setting ==
            doctest::Approx(together.settings[i][k].item<float>()).epsilon(1e-5));
    }
  }

  const PerceptronOptions shape = ControllerNetwork::shape_of(checkpoint);
  CHECK(shape.members == 3);
  CHECK(shape.hidden == std::vector<std::size_t>{16, 8});
  ControllerNetwork copy({effect()}, 8, shape, 2);
  copy.load(checkpoint);
  CHECK(torch::allclose(copy.forward(x).settings, together.settings, 1e-5, 1e-6));
  ControllerNetwork fewer({effect()}, 8, {{16, 8}, 0.0, 2, 0.0}, 2);
  CHECK(thrown_by([&] { fewer.load(checkpoint); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("of_a_pair_the_difference_is_looked_at_and_a_stored_network_says_so") {
  ControllerNetwork network({effect()}, 8, {{16}, 0.0, 1, 0.0, true}, 1);
  give_weights(network.module(), 3);
  const torch::Tensor x = numbers(20, 8, 5);
  network.standardise(x);
  network.module().eval();
  Checkpoint checkpoint = network.checkpoint();
  checkpoint.name = "test";
  const auto out = network.forward(x);
  const float* row = x[7].data_ptr<float>();
  CHECK(Controller(checkpoint).predict({row, 4}, {row + 4, 4})[0].setting ==
        doctest::Approx(out.settings[7][0].item<float>()).epsilon(1e-5));
  const PerceptronOptions shape = ControllerNetwork::shape_of(checkpoint);
  CHECK(shape.pair);
  ControllerNetwork copy({effect()}, 8, shape, 2);
  copy.load(checkpoint);
  CHECK(torch::allclose(copy.forward(x).settings, out.settings, 1e-5, 1e-6));

  // Weights of the first half are those of the difference alone.
  ControllerNetwork linear({effect()}, 8, {{}, 0.0, 1, 0.0, true}, 1);
  const torch::NoGradGuard no_grad;
  linear.module().parameters().front().slice(1, 4, 8).zero_();
  const torch::Tensor moved = x + torch::cat({x.slice(1, 0, 4), x.slice(1, 0, 4)}, 1);
  CHECK(torch::allclose(linear.forward(x).settings, linear.forward(moved).settings, 1e-5, 1e-6));
}

TEST_CASE("members_without_hidden_layers_are_stored_as_one_layer") {
  ControllerNetwork network({effect()}, 8, {{}, 0.0, 2, 0.0}, 1);
  give_weights(network.module(), 3);
  network.module().eval();
  Checkpoint checkpoint = network.checkpoint();
  checkpoint.name = "test";
  const torch::Tensor x = numbers(1, 8, 5);
  const float* row = x.data_ptr<float>();
  CHECK(Controller(checkpoint).predict({row, 4}, {row + 4, 4})[0].setting ==
        doctest::Approx(network.forward(x).settings[0][0].item<float>()).epsilon(1e-5));
}

TEST_CASE("a_stored_network_loads_into_an_equal_one_and_no_other") {
  ControllerNetwork network({effect()}, 8, {{16}, 0.0, 1, 0.0}, 1);
  give_weights(network.module(), 3);
  ControllerNetwork copy({effect()}, 8, {{16}, 0.0, 1, 0.0}, 2);
  copy.load(network.checkpoint());
  const torch::Tensor x = numbers(5, 8, 5);
  CHECK(torch::equal(network.forward(x).settings, copy.forward(x).settings));
  ControllerNetwork other({effect()}, 8, {{17}, 0.0, 1, 0.0}, 2);
  CHECK(thrown_by([&] { other.load(network.checkpoint()); }).code == ErrorCode::invalid_argument);
}

TEST_CASE("learning_finds_settings_and_how_sure_they_are") {
  torch::set_num_threads(1);
  // The first knob follows the input, the last cannot be known.
  ControllerNetwork network({effect()}, 4, {{16}, 0.0, 1, 0.0}, 1);
  torch::optim::Adam adam(network.module().parameters(), torch::optim::AdamOptions(1e-2));
  Rng rng(8);
  const auto draw = [&] {
    torch::Tensor x = numbers(64, 4, rng());
    torch::Tensor y = torch::empty({64, 3});
    for (std::int64_t i = 0; i < 64; ++i) {
      const float a = x[i][0].item<float>();
      y[i][0] = 1.0f / (1.0f + std::exp(-a));
      y[i][1] = a < -0.5f ? 0.1f : a < 0.5f ? 0.5f : 0.9f;
      y[i][2] = static_cast<float>(rng.uniform(0.25, 0.5));
    }
    return std::pair(x, y);
  };
  network.module().train();
  for (int step = 0; step < 300; ++step) {
    const auto [x, y] = draw();
    adam.zero_grad();
    network.loss(network.forward(x), y).mean().backward();
    adam.step();
  }
  network.module().eval();
  const auto [x, y] = draw();
  const auto out = network.forward(x);
  const torch::Tensor error = (out.settings - y).abs().mean(0);
  CHECK(error[0].item<float>() < 0.03f);
  CHECK(error[1].item<float>() < 0.1f);  // most categories are right: a wrong one costs a third
  const torch::Tensor spread = (0.5 * out.log_variance).exp().mean(0);
  CHECK(spread[0].item<float>() < 0.04f);
  CHECK(spread[2].item<float>() == doctest::Approx(0.25 / std::sqrt(12.0)).epsilon(0.25));
}

TEST_CASE("parts_say_two_places_where_mean_and_spread_can_say_only_the_middle") {
  torch::set_num_threads(1);
  ControlledEffect one{"lv2:urn:x", "X", "1", {"a"}, {{"a", 0, 0.0f, 1.0f, 8}}};
  ControllerNetwork network({one}, 4, {{16}, 0.0, 1, 0.0}, 1);
  torch::optim::Adam adam(network.module().parameters(), torch::optim::AdamOptions(1e-2));
  Rng rng(8);
  network.module().train();
  for (int step = 0; step < 200; ++step) {  // the first input says which pair of places, nothing says which of the two
    const torch::Tensor x = numbers(64, 4, rng());
    const torch::Tensor y = torch::empty({64, 1});
    for (std::int64_t i = 0; i < 64; ++i) {
      const double place = x[i][0].item<float>() > 0.0f ? 0.05 : 0.3;
      y[i][0] = rng.uniform() < 0.5 ? place : 1.0 - place;
    }
    adam.zero_grad();
    network.loss(network.forward(x), y).mean().backward();
    adam.step();
  }
  network.module().eval();
  const auto out = network.forward(torch::tensor({{1.0f, 0.0f, 0.0f, 0.0f}, {-1.0f, 0.0f, 0.0f, 0.0f}}));
  CHECK(out.settings[0][0].item<float>() == doctest::Approx(0.5).epsilon(0.3));
  const torch::Tensor odds = torch::softmax(out.logits[0], 1);
  CHECK((odds[0][0] + odds[0][7]).item<float>() > 0.9f);
  CHECK((odds[1][2] + odds[1][5]).item<float>() > 0.9f);
}

TEST_CASE("a_mean_without_weight_gets_no_gradient_but_its_spread_does") {
  ControllerNetwork network({effect()}, 4, {{}, 0.0, 1, 0.0}, 1);
  const torch::Tensor x = numbers(8, 4, 3);
  const std::vector<float> weights{0.0f, 1.0f, 1.0f};
  network.loss(network.forward(x), torch::full({8, 3}, 0.3), weights).mean().backward();
  const torch::Tensor gradient = network.module().parameters().front().grad();  // [outputs, inputs]
  CHECK(gradient[0].abs().max().item<float>() == 0.0f);
  CHECK(gradient[1].abs().max().item<float>() > 0.0f);
  CHECK(gradient[5].abs().max().item<float>() > 0.0f);
}

TEST_CASE("a_bottleneck_gives_means_when_it_is_used_and_samples_when_it_learns") {
  BottleneckNetwork g(8, 3, {{16}, 0.0, 1, 0.0}, 1);
  give_weights(g.module(), 3);
  const torch::Tensor x = numbers(4, 8, 2);
  g.module().eval();
  const auto code = g.forward(x);
  CHECK(torch::equal(code.sample, code.mean));
  CHECK(code.divergence.min().item<float>() >= 0.0f);
  g.module().train();
  CHECK_FALSE(torch::equal(g.forward(x).sample, g.forward(x).mean));
  // g and h, stored apart, predict together.
  Checkpoint compress = g.checkpoint();
  compress.name = "g";
  compress.digest = "abc";
  ControllerNetwork h({effect()}, 3, {{8}, 0.0, 1, 0.0}, 2);
  give_weights(h.module(), 9);
  h.module().eval();
  Checkpoint predict = h.checkpoint();
  predict.needs.push_back({"bottleneck", "g", "abc"});
  const Controller controller(predict, &compress);
  const torch::Tensor expected = h.forward(code.mean).settings;
  const float* row = x[2].data_ptr<float>();
  CHECK(controller.predict({row, 4}, {row + 4, 4})[0].setting ==
        doctest::Approx(expected[2][0].item<float>()).epsilon(1e-5));
}

TEST_CASE("an_effect_without_free_knobs_is_refused") {
  ControlledEffect none = effect();
  none.knobs.clear();
  CHECK(thrown_by([&] { ControllerNetwork({none}, 4, {}, 1); }).code == ErrorCode::invalid_argument);
}
