#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>

#include "fixtures/errors.hpp"
#include "gradient/functions.hpp"

// Every row of the catalogue, through the public header.

using namespace functions;

namespace {

const std::vector<float> inside{0.3f, 0.5f, 0.62f, 0.41f, 0.77f};
const std::vector<float> borders{0.0f, 1.0f, 0.004f, 0.5f, 0.997f};

/// The middle of what lies within a step and the bounds.
std::vector<float> middles(std::span<const float> at, double step) {
  std::vector<float> result;
  for (const float x : at) {
    const double low = std::max(0.0, static_cast<double>(x) - step);
    const double high = std::min(1.0, static_cast<double>(x) + step);
    result.push_back(static_cast<float>(0.5 * (low + high)));
  }
  return result;
}

template <class Check>
void for_each_method(const GradientOptions& options, Check&& check) {
  for (const GradientMethod& method : gradient_methods()) {
    CAPTURE(std::string(method.name));
    check(*make_gradient_estimator(method.name, options));
  }
}

}  // namespace

TEST_CASE("the_mean_of_many_estimates_is_the_exact_gradient_of_a_quadratic") {
  const Quadratic quadratic;
  const auto exact = quadratic.gradient(inside);
  for_each_method({.knobs = knobs_of_step(5, 0.02)}, [&](const GradientEstimator& estimator) {
    const auto mean = mean_estimate(estimator, quadratic, inside, 4000);
    // Standard error 2 |g| sqrt(P - 1) / sqrt(4000), |g| about 5.
    for (std::size_t k = 0; k < 5; ++k) CHECK(std::abs(mean[k] - exact[k]) < 0.6);
  });
}

TEST_CASE("at_the_borders_the_step_really_taken_divides") {
  const Quadratic quadratic;
  const auto middle = middles(borders, 0.02);
  for_each_method({.knobs = knobs_of_step(5, 0.02), .perturbations = 16}, [&](const GradientEstimator& estimator) {
    const bool together = estimator.evaluations_per_example() > 10;  // all 16 pairs of spsa
    const auto mean = mean_estimate(estimator, quadratic, borders, 10);
    for (std::size_t k = 0; k < 5; ++k) {
      std::vector<float> at = together ? middle : borders;
      at[k] = middle[k];
      CHECK(mean[k] == doctest::Approx(quadratic.gradient(at)[k]).epsilon(1e-4));
    }
    for (const GradientProbe& probe : estimator.probes(std::vector<GradientExample>{{borders, 0}}, 0)) {
      for (const float x : probe.settings) CHECK((x >= 0.0f && x <= 1.0f));
    }
  });
}

TEST_CASE("an_example_costs_as_many_evaluations_as_promised_and_all_go_out_in_one_call") {
  const Quadratic quadratic;
  GradientOptions options{.knobs = knobs_of_step(5, 0.02), .perturbations = 3};
  options.knobs[1].moves = false;
  const auto promised = [&](std::string_view name) {
    return make_gradient_estimator(name, options)->evaluations_per_example();
  };
  CHECK(promised("spsa") == 6);
  CHECK(promised("central") == 8);
  for_each_method(options, [&](const GradientEstimator& estimator) {
    const std::vector<GradientExample> batch{{inside, 4}, {borders, 5}, {inside, 6}};
    std::size_t calls = 0;
    std::vector<std::size_t> seen(batch.size());
    estimate_gradients(estimator, batch, 0, [&](std::span<const GradientProbe> probes, std::span<double> costs) {
      ++calls;
      REQUIRE(costs.size() == probes.size());
      for (const GradientProbe& probe : probes) ++seen[probe.example];
    });
    CHECK(calls == 1);
    for (const std::size_t count : seen) CHECK(count == estimator.evaluations_per_example());
  });
}

TEST_CASE("a_knob_that_does_not_move_is_never_perturbed_and_has_no_gradient") {
  const Quadratic quadratic;
  GradientOptions options{.knobs = knobs_of_step(5, 0.02), .perturbations = 2};
  options.knobs[0].moves = false;
  options.knobs[3].lowest = options.knobs[3].highest = 0.41;
  for_each_method(options, [&](const GradientEstimator& estimator) {
    const GradientExample example{inside, 1};
    for (const GradientProbe& probe : estimator.probes({&example, 1}, 9)) {
      CHECK(probe.settings[0] == inside[0]);
      CHECK(probe.settings[3] == inside[3]);
    }
    const Gradients gradients = estimate_gradients(estimator, {&example, 1}, 9, costs_of(quadratic));
    CHECK(gradients.values[0] == 0.0f);
    CHECK(gradients.values[3] == 0.0f);
    CHECK(gradients.values[1] != 0.0f);
  });
}

TEST_CASE("bounds_are_not_left") {
  GradientOptions options{.knobs = knobs_of_step(5, 0.1), .perturbations = 8};
  for (GradientKnob& knob : options.knobs) knob.lowest = 0.35, knob.highest = 0.6;
  for_each_method(options, [&](const GradientEstimator& estimator) {
    for (const GradientProbe& probe : estimator.probes(std::vector<GradientExample>{{inside, 0}}, 0)) {
      for (std::size_t k = 0; k < 5; ++k) {
        if (probe.weights[k] == 0.0f) continue;
        CHECK(probe.settings[k] >= 0.35f);
        CHECK(probe.settings[k] <= 0.6f);
      }
    }
  });
}

TEST_CASE("estimates_follow_seed_step_and_id_and_not_the_batch") {
  const Quadratic quadratic;
  const GradientOptions options{.knobs = knobs_of_step(5, 0.02), .seed = 3};
  for_each_method(options, [&](const GradientEstimator& estimator) {
    const std::vector<GradientExample> batch{{borders, 7}, {inside, 8}, {inside, 9}};
    const GradientExample alone{inside, 8};
    const auto together = estimate_gradients(estimator, batch, 5, costs_of(quadratic));
    const auto single = estimate_gradients(estimator, {&alone, 1}, 5, costs_of(quadratic));
    CHECK(std::ranges::equal(together.of(1), single.of(0)));
  });
  const auto values = [&](std::uint64_t seed, std::uint64_t step, std::uint64_t id) {
    const auto spsa = make_gradient_estimator("spsa", {.knobs = knobs_of_step(5, 0.02), .seed = seed});
    const GradientExample example{inside, id};
    return estimate_gradients(*spsa, {&example, 1}, step, costs_of(quadratic)).values;
  };
  CHECK(values(3, 5, 8) == values(3, 5, 8));
  const auto differing = [&](auto&& other) {
    std::size_t count = 0;
    for (std::uint64_t i = 1; i <= 20; ++i) count += values(0, 0, 0) != other(i) ? 1 : 0;
    return count;
  };
  CHECK(differing([&](std::uint64_t i) { return values(i, 0, 0); }) > 10);
  CHECK(differing([&](std::uint64_t i) { return values(0, i, 0); }) > 10);
  CHECK(differing([&](std::uint64_t i) { return values(0, 0, i); }) > 10);
}

TEST_CASE("a_failed_evaluation_costs_its_example_alone") {
  const Quadratic quadratic;
  for (const double failure : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    for_each_method({.knobs = knobs_of_step(5, 0.02)}, [&](const GradientEstimator& estimator) {
      const std::vector<GradientExample> batch{{inside, 0}, {inside, 1}, {borders, 2}};
      const auto whole = estimate_gradients(estimator, batch, 0, costs_of(quadratic));
      bool done = false;
      const auto spoilt =
          estimate_gradients(estimator, batch, 0, [&](std::span<const GradientProbe> probes, std::span<double> costs) {
            costs_of(quadratic)(probes, costs);
            for (std::size_t p = 0; p < probes.size() && !done; ++p) {
              if (probes[p].example == 1) costs[p] = failure, done = true;
            }
          });
      CHECK(whole.failed.empty());
      CHECK(spoilt.failed == std::vector<std::size_t>{1});
      CHECK(std::ranges::count(spoilt.of(1), 0.0f) == 5);
      CHECK(std::ranges::equal(spoilt.of(0), whole.of(0)));
      CHECK(std::ranges::equal(spoilt.of(2), whole.of(2)));
    });
  }
}

TEST_CASE("with_nothing_to_move_nothing_is_evaluated") {
  GradientOptions options{.knobs = knobs_of_step(2, 0.01)};
  for (GradientKnob& knob : options.knobs) knob.moves = false;
  for_each_method(options, [&](const GradientEstimator& estimator) {
    const std::vector<float> settings{0.1f, 0.2f};
    const GradientExample example{settings, 0};
    const auto gradients = estimate_gradients(
        estimator, {&example, 1}, 0, [](std::span<const GradientProbe>, std::span<double>) { FAIL("called"); });
    CHECK(gradients.values == std::vector<float>{0.0f, 0.0f});
    CHECK(gradients.failed.empty());
  });
}

TEST_CASE("bad_options_and_settings_are_refused_with_what_was_found") {
  const auto refused = [](const GradientOptions& options) {
    return thrown_by([&] { make_gradient_estimator("spsa", options); });
  };
  CHECK(thrown_by([] { make_gradient_estimator("adjoint", {}); }).says("known: spsa, central"));
  CHECK(refused({.knobs = knobs_of_step(2, 0.0)}).says("knob 1 with step 0"));
  CHECK(refused({.knobs = {{}, {.step = -0.1}}}).says("knob 2 with step -0.1"));
  CHECK(refused({.knobs = {{.lowest = 0.5, .highest = 1.5}}}).says("in [0.5, 1.5]"));
  CHECK(refused({.perturbations = 0}).says("0 perturbations"));
  for_each_method({.knobs = knobs_of_step(3, 0.01)}, [](const GradientEstimator& estimator) {
    const std::vector<float> short_one{0.1f, 0.2f};
    const std::vector<float> not_a_number{0.1f, std::numeric_limits<float>::quiet_NaN(), 0.2f};
    const auto at = [&](const std::vector<float>& settings) {
      const GradientExample example{settings, 0};
      return thrown_by([&] { estimator.probes({&example, 1}, 0); });
    };
    CHECK(at(short_one).says("2 settings: the estimator was made for 3 knobs"));
    CHECK(at(not_a_number).says("setting 2 is nan"));
  });
}
