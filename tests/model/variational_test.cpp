#include <torch/torch.h>

#include <doctest/doctest.h>

#include "soundalike/encoder_network.hpp"

using namespace soundalike;

TEST_CASE("kl_of_each_dimension_is_that_of_two_normal_distributions") {
  const auto network = make_encoder("mel-vae-small", 5);
  network->module().eval();
  const torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  const at::Tensor input = torch::randn({3, 1, 256, 256});
  const at::Tensor kl = network->divergence(input);
  REQUIRE(kl.sizes() == at::IntArrayRef({3, 64}));
  CHECK(kl.min().item<double>() >= 0.0);
  const EncoderLoss loss = network->loss({input, {}, 0.5});
  CHECK(loss.terms.at("kl") == doctest::Approx(kl.sum(1).mean().item<double>()).epsilon(1e-5));
  CHECK(loss.loss.item<double>() ==
        doctest::Approx(loss.terms.at("reconstruction") + 0.5 * loss.terms.at("kl")).epsilon(1e-5));
}

TEST_CASE("training_samples_and_evaluation_does_not") {
  const auto network = make_encoder("mel-vae-small", 5);
  const torch::NoGradGuard no_grad;
  torch::manual_seed(1);
  const at::Tensor input = torch::randn({2, 1, 256, 256});
  const auto reconstruction = [&] { return network->loss({input, {}, 0.0}).terms.at("reconstruction"); };
  network->module().train();
  CHECK(reconstruction() != reconstruction());
  network->module().eval();
  CHECK(reconstruction() == reconstruction());
}
