#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "soundalike/gradient.hpp"

/// Functions whose gradients are known.
namespace functions {

using namespace soundalike;

/// sum a_i x_i + sum q_ij x_i x_j, with unequal and interacting knobs.
struct Quadratic {
  std::size_t knobs = 5;

  double slope(std::size_t i) const { return 1.0 + 0.5 * static_cast<double>(i) - 2.0 * static_cast<double>(i % 2); }
  double curvature(std::size_t i, std::size_t j) const {
    return i == j ? 0.7 : 0.3 * std::cos(static_cast<double>(i + j));
  }
  double operator()(std::span<const float> x) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < knobs; ++i) {
      sum += slope(i) * static_cast<double>(x[i]);
      for (std::size_t j = 0; j < knobs; ++j) {
        sum += curvature(i, j) * static_cast<double>(x[i]) * static_cast<double>(x[j]);
      }
    }
    return sum;
  }
  std::vector<double> gradient(std::span<const float> x) const {
    std::vector<double> result(knobs);
    for (std::size_t i = 0; i < knobs; ++i) {
      result[i] = slope(i);
      for (std::size_t j = 0; j < knobs; ++j) result[i] += 2.0 * curvature(i, j) * static_cast<double>(x[j]);
    }
    return result;
  }
};

template <class Function>
GradientCosts costs_of(const Function& function) {
  return [&function](std::span<const GradientProbe> probes, std::span<double> costs) {
    for (std::size_t p = 0; p < probes.size(); ++p) costs[p] = function(probes[p].settings);
  };
}

/// Estimates at one place for steps 0 ... count - 1, averaged.
template <class Function>
std::vector<double> mean_estimate(const GradientEstimator& estimator, const Function& function,
                                  std::span<const float> at, std::size_t count) {
  std::vector<double> mean(at.size());
  const GradientExample example{at, 0};
  for (std::size_t step = 0; step < count; ++step) {
    const Gradients gradients = estimate_gradients(estimator, {&example, 1}, step, costs_of(function));
    for (std::size_t k = 0; k < at.size(); ++k) {
      mean[k] += static_cast<double>(gradients.values[k]) / static_cast<double>(count);
    }
  }
  return mean;
}

inline std::vector<GradientKnob> knobs_of_step(std::size_t count, double step) {
  return std::vector<GradientKnob>(count, GradientKnob{.step = step});
}

}  // namespace functions
