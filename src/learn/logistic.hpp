#pragma once

#include <span>
#include <vector>

#include "learn/standardise.hpp"
#include "soundalike/rows.hpp"

namespace soundalike::learn {

/// Multinomial logistic regression: the class with the largest score.
struct Logistic {
  Scale scale;
  std::size_t classes = 0;
  std::vector<double> weights;  ///< [(width + 1) x classes], the last row for the constant
  std::vector<int> classify(Rows fresh) const;
};

/// The weights with the least sum of -log of the own class's probability, plus half of their squares, the constant's
/// left out: scikit-learn's with C = 1 on standardised numbers. By L-BFGS (Nocedal 1980).
Logistic fit_logistic(Rows examples, std::span<const int> classes, std::size_t count);

}  // namespace soundalike::learn
