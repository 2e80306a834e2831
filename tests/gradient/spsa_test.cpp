#include <doctest/doctest.h>

#include <algorithm>

#include "fixtures/errors.hpp"
#include "gradient/functions.hpp"
#include "soundalike/rng.hpp"

using namespace functions;

TEST_CASE("the_error_of_spsa_falls_with_the_root_of_perturbations_over_other_knobs") {
  constexpr std::size_t steps = 2000;
  for (const std::size_t knobs : {8, 20}) {
    const Quadratic quadratic{knobs};
    const std::vector<float> at(knobs, 0.4f);
    const auto exact = quadratic.gradient(at);
    double norm = 0.0;
    for (const double g : exact) norm += g * g;
    for (const std::size_t n : {1, 4, 16}) {
      CAPTURE(knobs);
      CAPTURE(n);
      const auto spsa = make_gradient_estimator("spsa", {.knobs = knobs_of_step(knobs, 0.01), .perturbations = n});
      double squared_error = 0.0;
      const GradientExample example{at, 0};
      for (std::size_t step = 0; step < steps; ++step) {
        const auto estimate = estimate_gradients(*spsa, {&example, 1}, step, costs_of(quadratic));
        for (std::size_t k = 0; k < knobs; ++k) squared_error += std::pow(double{estimate.values[k]} - exact[k], 2);
      }
      const double measured = std::sqrt(squared_error / (static_cast<double>(steps) * norm));
      const double promised = std::sqrt(static_cast<double>(knobs - 1) / static_cast<double>(n));
      // Never the same pair twice: with 128 in all, 16 of them are 6 % better than the formula.
      CHECK(measured == doctest::Approx(promised).epsilon(knobs == 8 && n == 16 ? 0.1 : 0.05));
    }
  }
}

TEST_CASE("no_pair_is_evaluated_twice") {
  for (const std::size_t knobs : {1, 2, 4}) {
    const auto spsa = make_gradient_estimator("spsa", {.knobs = knobs_of_step(knobs, 0.01), .perturbations = 16});
    const std::vector<float> at(knobs, 0.5f);
    const GradientExample example{at, 0};
    auto probes = spsa->probes({&example, 1}, 0);
    CHECK(probes.size() == (std::size_t{1} << knobs));
    std::ranges::sort(probes, {}, &GradientProbe::settings);
    for (std::size_t p = 1; p < probes.size(); ++p) CHECK(probes[p].settings != probes[p - 1].settings);
  }
}

TEST_CASE("projections_keep_the_digits_of_small_differences") {
  Rng rng(2);
  std::vector<float> upstream(100003), a(upstream.size());
  for (float& u : upstream) u = static_cast<float>(rng.normal());
  for (float& x : a) x = 1000.0f + static_cast<float>(rng.normal());
  std::vector<float> b = a;
  b[77] += 0.125f;
  CHECK(project(upstream, b) - project(upstream, a) == doctest::Approx(0.125 * double{upstream[77]}).epsilon(1e-4));
  CHECK(thrown_by([&] { project(upstream, std::span(a).first(5)); }).says("output of 5 samples"));
}
