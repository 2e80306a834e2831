#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "soundalike/rows.hpp"

namespace soundalike {

/// Examples of known classes: [count x width] numbers, and a class in [0, classes) each.
struct LabelledRows {
  Rows rows;
  std::span<const int> classes;
};

/// Says which class each new example is of.
using Classify = std::function<std::vector<int>(Rows fresh)>;

/// One row per way of learning classes:
///
/// | name | is |
/// |---|---|
/// | forest | 100 trees of Gini impurity, the square root of the width tried per split (Breiman 2001) |
/// | logistic | multinomial logistic regression on standardised numbers, with an L2 penalty as of sklearn with C = 1 |
/// | nearest | the 5 nearest standardised examples vote; of equals the nearest decides |
struct ClassifierKind {
  std::string_view name;
  std::string_view summary;
  Classify (*fit)(const LabelledRows& examples, std::uint64_t seed, std::size_t threads);
};
/// The same seed gives the same answers for any number of threads.
std::span<const ClassifierKind> classifiers();

/// How right answers are.
struct ClassScores {
  double accuracy = 0.0;
  double macro_f1 = 0.0;                            ///< mean over classes of the harmonic mean of precision and recall
  std::vector<std::vector<std::size_t>> confusion;  ///< [true class][answer]
};
ClassScores score_classes(std::span<const int> truth, std::span<const int> answers);

/// Answers for all examples, each given by what was learnt from other folds. Examples of one group are in one fold, so
/// that nothing is learnt from another take of what is asked about; groups go to folds so that these fill up evenly.
/// @param groups one per example. @throws Error invalid_argument for counts that do not fit, fewer groups than folds,
/// or
///        values that are not finite.
std::vector<int> cross_validate(const ClassifierKind& kind, const LabelledRows& examples,
                                std::span<const std::size_t> groups, std::size_t folds, std::uint64_t seed,
                                std::size_t threads = 1);

}  // namespace soundalike
