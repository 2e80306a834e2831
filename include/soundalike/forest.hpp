#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace soundalike {

struct ForestOptions {
  std::size_t trees = 100;
  std::size_t features_per_split = 0;  ///< tried at each split, drawn anew; 0: a third of them, at least one
  std::size_t minimum_leaf = 1;        ///< examples a leaf has at least, counted as drawn; more: smoother
  std::size_t maximum_depth = 0;       ///< splits from root to leaf; 0: any number
  std::uint64_t seed = 0;
  std::size_t threads = 1;  ///< does not change the result
};

/// Examples for a forest, row after row.
struct ForestExamples {
  std::span<const float> features;  ///< [examples x features]
  std::span<const float> targets;   ///< [examples x outputs]
  std::size_t count = 0;
};

/// Random forest regression (Breiman 2001): the mean of trees, each grown on examples drawn with replacement, each
/// split the best of some random features. All outputs share the trees: a split is best when it leaves the least sum of
/// squares of all. The baseline of Sheng and Fazekas (2019), from the difference of two embeddings to settings. With
/// classes as targets, 1 for the own and 0 for the others, the splits are those of least Gini impurity.
///
///   Forest forest = Forest::fit({.features = differences, .targets = settings, .count = 2000}, {.seed = 1});
///   std::vector<float> settings = forest.predict(difference);
///
/// Const, safe from many threads once fitted.
class Forest {
 public:
  /// The same for the same examples, options and seed, with any number of threads.
  /// @throws Error invalid_argument for no examples, values that are not finite, or counts that do not fit.
  static Forest fit(const ForestExamples& examples, const ForestOptions& options);

  std::size_t features() const { return parts_.features; }
  std::size_t outputs() const { return parts_.outputs; }
  /// @return [outputs]. @throws Error invalid_argument for another number of features.
  std::vector<float> predict(std::span<const float> example) const;
  /// Mean square error per output where each example is predicted by the trees that have not seen it: what to expect of
  /// new examples. NaN where every tree has seen every example.
  std::span<const double> out_of_bag_error() const { return parts_.out_of_bag_error; }

  friend bool operator==(const Forest&, const Forest&) = default;

  /// A split, or a leaf. Children come after their parent, the right one right after the left.
  struct Node {
    std::int64_t feature = -1;  ///< at most `threshold` goes left; -1: a leaf
    float threshold = 0.0f;
    std::int64_t child = 0;  ///< the left one; of a leaf its row of values
    friend bool operator==(const Node&, const Node&) = default;
  };

  /// All that it is.
  struct Parts {
    std::size_t features = 0;
    std::size_t outputs = 0;
    std::vector<std::int64_t> roots{};  ///< of the trees, in nodes
    std::vector<Node> nodes{};
    std::vector<float> values{};  ///< [leaves x outputs]
    std::vector<double> out_of_bag_error{};
    friend bool operator==(const Parts&, const Parts&) = default;
  };
  const Parts& parts() const { return parts_; }

 private:
  std::span<const float> leaf(std::size_t tree, std::span<const float> example) const;

  Parts parts_;
};

}  // namespace soundalike
