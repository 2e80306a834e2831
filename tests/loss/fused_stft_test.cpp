#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "loss/stft_loss.hpp"
#include "loss/tensors.hpp"

using namespace soundalike;
using namespace tensors;

namespace {

struct Case {
  const char* what;
  MrstftOptions options;
  std::shared_ptr<const MelFilterbank> mel;
};

std::vector<Case> cases() {
  MrstftOptions all_terms = MrstftOptions::auraloss();
  all_terms.linear_magnitude = 0.3;
  const MrstftOptions single{
      .resolutions = {{1024, 256, 1024}}, .spectral_convergence = 1.0, .log_magnitude = 1.0, .linear_magnitude = 0.1};
  return {{"auraloss", MrstftOptions::auraloss(), nullptr},
          {"original", MrstftOptions::original(), nullptr},
          {"all terms", all_terms, nullptr},
          {"no power of two, odd hop", {.resolutions = {{360, 77, 301}}, .log_magnitude = 1.0}, nullptr},
          {"mel", single, std::make_shared<MelFilterbank>(64, 20.0, 12000.0, 1024, golden::rate)}};
}

}  // namespace

TEST_CASE("the_fused_loss_and_its_gradient_equal_autograds_in_double_precision") {
  const auto x = batch(1);
  const auto y = batch(2);
  for (const Case& c : cases()) {
    CAPTURE(std::string(c.what));
    const auto fused = evaluate(*make_stft_loss("fused", c.options, c.mel), x, y);
    const auto exact =
        evaluate(*make_stft_loss("exact", c.options, c.mel, StftBackend::torch), x.to(at::kDouble), y.to(at::kDouble));
    const double value_error = ((fused.value - exact.value) / exact.value).abs().max().item<double>();
    const double error = relative_difference(fused.gradient, exact.gradient);
    MESSAGE(std::string(c.what), ": value ", value_error, ", gradient ", error);
    CHECK(value_error < 1e-5);
    // A slope of the log magnitude is 1 / A, and a long FFT of a tone in little noise rounds the smallest A away: there
    // single precision is lost, through autograd as well. Noise has no such bins.
    const auto single = evaluate(*make_stft_loss("single", c.options, c.mel, StftBackend::torch), x, y);
    CHECK(error < 3.0 * relative_difference(single.gradient, exact.gradient) + 1e-5);
    const auto noise_alone = torch::tensor({0, 3});
    CHECK(relative_difference(fused.gradient.index_select(0, noise_alone),
                              exact.gradient.index_select(0, noise_alone)) < 5e-3);
  }
}

TEST_CASE("the_fused_gradient_predicts_finite_differences") {
  const auto x = batch(1).narrow(0, 0, 1);
  const auto y = batch(2).narrow(0, 0, 1);
  const auto direction = batch(7).narrow(0, 0, 1);
  for (const Case& c : cases()) {
    CAPTURE(std::string(c.what));
    const auto fused = make_stft_loss("fused", c.options, c.mel);
    const auto exact = make_stft_loss("exact", c.options, c.mel, StftBackend::torch);
    const double h = 1e-6;
    const auto moved = [&](double by) {
      return (*exact)(x.to(at::kDouble) + by * direction.to(at::kDouble), y.to(at::kDouble));
    };
    const auto expected = (moved(h) - moved(-h)) / (2.0 * h);
    const auto slope = (evaluate(*fused, x, y).gradient * direction).to(at::kDouble).sum(1);
    CHECK(torch::allclose(slope, expected, 1e-2, 1e-3));
  }
}

TEST_CASE("any_number_of_threads_gives_the_same_bits") {
  const auto x = batch(1);
  const auto y = batch(2);
  const int before = at::get_num_threads();
  for (const Case& c : cases()) {
    CAPTURE(std::string(c.what));
    const auto loss = make_stft_loss("fused", c.options, c.mel);
    at::set_num_threads(1);
    const auto one = evaluate(*loss, x, y);
    for (const int threads : {2, 3}) {
      at::set_num_threads(threads);
      const auto many = evaluate(*loss, x, y);
      CHECK(torch::equal(many.value, one.value));
      CHECK(torch::equal(many.gradient, one.gradient));
    }
  }
  at::set_num_threads(before);
}

TEST_CASE("the_upstream_gradient_weighs_examples") {
  const auto x = batch(1).requires_grad_();
  const auto loss = make_stft_loss("fused", MrstftOptions::auraloss());
  const auto weights = torch::tensor({1.0f, 0.0f, -2.0f, 0.5f});
  const auto weighted = torch::autograd::grad({((*loss)(x, batch(2)) * weights).sum()}, {x})[0];
  const auto plain = torch::autograd::grad({(*loss)(x, batch(2)).sum()}, {x})[0];
  CHECK(torch::allclose(weighted, plain * weights.unsqueeze(1)));
}
