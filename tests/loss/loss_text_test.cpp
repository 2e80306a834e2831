#include <doctest/doctest.h>

#include "fixtures/errors.hpp"
#include "loss/tensors.hpp"

using namespace soundalike;
using namespace tensors;

TEST_CASE("a_sum_is_the_weighted_sum_of_its_terms") {
  const auto x = batch(1);
  const auto y = batch(2);
  const auto value = [&](std::string_view text) { return (*make_loss(text, {}))(x, y); };
  const auto expected = value("mrstft") + 0.1 * value("l1") + 2.5e-3 * value("matched-esr");
  CHECK(torch::allclose(value("mrstft+0.1*l1+2.5e-3*matched-esr"), expected));
  CHECK(torch::allclose(value(" mrstft +  0.1 * l1+ 2.5e-3*matched-esr "), expected));
  CHECK(make_loss("mrstft+mrstft-wide", {})->least_frames() == 4097);
}

TEST_CASE("texts_that_name_no_loss_are_refused_with_what_would_work") {
  const auto refused = [](std::string_view text) { return thrown_by([&] { make_loss(text, {}); }); };
  CHECK(refused("mrsfft").says("unknown loss 'mrsfft'; known: mrstft, mrstft-original"));
  CHECK(refused("").says("unknown loss ''"));
  CHECK(refused("l1+").says("unknown loss ''"));
  CHECK(refused("matched-").says("unknown loss ''"));
  for (const char* weight : {"0", "-1", "x", "1x", "nan", "inf", ""}) {
    CAPTURE(weight);
    CHECK(refused(std::string(weight) + "*l1").says("weights are numbers above 0"));
  }
}

TEST_CASE("the_embedding_loss_follows_the_encoder") {
  const auto x = batch(1);
  const auto y = batch(2);
  const auto loudness = [](const at::Tensor& audio) {
    return torch::stack({audio.square().mean(1), audio.abs().mean(1)}, 1);
  };
  const auto loss = make_embedding_loss(loudness);
  CHECK(torch::allclose((*loss)(x, y), (loudness(x) - loudness(y)).square().mean(1)));
  CHECK((*loss)(x, -x).abs().max().item<float>() == 0.0f);
  CHECK((evaluate(*loss, x, y).gradient.norm(2, 1) > 0.0f).all().item<bool>());
}

TEST_CASE("the_parameter_loss_weighs_knobs") {
  const auto predicted = torch::tensor({{0.1f, 0.5f, 0.9f}, {0.2f, 0.2f, 0.2f}}).requires_grad_();
  const auto known = torch::tensor({{0.2f, 0.5f, 0.5f}, {0.2f, 0.6f, 0.2f}});
  const auto equal = parameter_loss(predicted, known);
  CHECK(torch::allclose(equal, torch::tensor({0.17f / 3.0f, 0.16f / 3.0f})));
  const auto weights = torch::tensor({1.0f, 3.0f, 0.0f});
  const auto weighted = parameter_loss(predicted, known, weights);
  CHECK(torch::allclose(weighted, torch::tensor({0.01f / 4.0f, 0.48f / 4.0f})));
  const auto gradient = torch::autograd::grad({weighted.sum()}, {predicted})[0];
  CHECK(gradient.select(1, 2).abs().max().item<float>() == 0.0f);
  CHECK(parameter_loss(predicted, known, torch::zeros({3})).abs().max().item<float>() == 0.0f);
  CHECK(thrown_by([&] { parameter_loss(predicted, known.narrow(1, 0, 2)); }).says("got [2 x 3] and [2 x 2]"));
  CHECK(thrown_by([&] { parameter_loss(predicted, known, torch::ones({2})); }).says("one weight per knob: 3, got [2]"));
}
