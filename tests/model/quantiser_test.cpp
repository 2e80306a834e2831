#include "model/quantiser.hpp"

#include <doctest/doctest.h>

using namespace soundalike::model;

TEST_CASE("each_position_gets_the_nearest_code") {
  const at::Tensor codebook = torch::tensor({{0.0f, 0.0f}, {1.0f, 0.0f}, {0.0f, 2.0f}});
  at::Tensor x = torch::zeros({1, 2, 1, 3});
  x[0][0][0][1] = 0.8f;
  x[0][1][0][2] = 1.2f;
  const Quantised q = quantise(x, codebook);
  CHECK(torch::equal(q.codes, torch::tensor({0, 1, 2}, torch::kLong)));
  CHECK(q.values[0][0][0][1].item<float>() == 1.0f);
  CHECK(q.values[0][1][0][2].item<float>() == 2.0f);
}

TEST_CASE("codes_move_to_the_means_of_what_chooses_them") {
  torch::manual_seed(2);
  const at::Tensor codebook = torch::tensor({{-0.5f}, {0.5f}});
  Quantiser quantiser(codebook);
  at::Tensor x = torch::full({1, 1, 1, 8}, -3.0f);
  x.slice(3, 4).fill_(5.0f);
  for (int i = 0; i < 1500; ++i) quantiser.update(x, quantise(x, codebook).codes);
  CHECK(codebook[0].item<float>() == doctest::Approx(-3.0).epsilon(1e-3));
  CHECK(codebook[1].item<float>() == doctest::Approx(5.0).epsilon(1e-3));
}

TEST_CASE("code_that_nobody_uses_is_revived") {
  torch::manual_seed(2);
  const at::Tensor codebook = torch::tensor({{0.0f}, {100.0f}});
  Quantiser quantiser(codebook);
  const at::Tensor x = torch::linspace(-1.0, 1.0, 16).reshape({1, 1, 4, 4});
  for (int i = 0; i < 600; ++i) quantiser.update(x, quantise(x, codebook).codes);
  CHECK(codebook.abs().max().item<float>() < 1.0f);
  CHECK(Quantiser::perplexity(quantise(x, codebook).codes, 2) > 1.5);
}

TEST_CASE("perplexity_counts_the_codes_in_use") {
  CHECK(Quantiser::perplexity(torch::zeros({64}, torch::kLong), 8) == doctest::Approx(1.0));
  CHECK(Quantiser::perplexity(torch::arange(64).remainder(8), 8) == doctest::Approx(8.0));
}
