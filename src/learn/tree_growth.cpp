#include "learn/tree_growth.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>

namespace soundalike {
namespace {

/// A node whose examples are known and which is not split yet.
struct Open {
  std::size_t node, begin, end, depth;
};

struct Split {
  double gain = 0.0;
  std::int64_t feature = -1;
  float threshold = 0.0f;
};

class Growth {
 public:
  Growth(const ForestExamples& examples, const ForestOptions& options, Rng rng)
      : examples_(examples),
        features_(examples.features.size() / examples.count),
        outputs_(examples.targets.size() / examples.count),
        tried_(options.features_per_split == 0 ? std::max<std::size_t>(1, features_ / 3)
                                               : std::min(options.features_per_split, features_)),
        minimum_leaf_(std::max<std::size_t>(1, options.minimum_leaf)),
        maximum_depth_(options.maximum_depth == 0 ? std::numeric_limits<std::size_t>::max() : options.maximum_depth),
        rng_(rng),
        order_(features_),
        left_(outputs_),
        whole_(outputs_) {
    tree_.seen.resize(examples.count);
    for (std::size_t i = 0; i < examples.count; ++i) {
      drawn_.push_back(rng_.below(examples.count));
      tree_.seen[drawn_.back()] = true;
    }
    std::iota(order_.begin(), order_.end(), std::size_t{0});
  }

  GrownTree run() {
    tree_.nodes.emplace_back();
    std::vector<Open> open{{0, 0, drawn_.size(), 0}};
    while (!open.empty()) {
      const Open at = open.back();
      open.pop_back();
      const Split split = best_split(at);
      if (split.feature < 0) {
        add_leaf(at);
        continue;
      }
      const auto first = drawn_.begin() + static_cast<std::ptrdiff_t>(at.begin);
      const auto last = drawn_.begin() + static_cast<std::ptrdiff_t>(at.end);
      const auto middle = std::partition(first, last, [&](std::size_t i) {
        return feature(i, static_cast<std::size_t>(split.feature)) <= split.threshold;
      });
      const auto cut = static_cast<std::size_t>(middle - drawn_.begin());
      const std::size_t child = tree_.nodes.size();
      tree_.nodes[at.node] = {split.feature, split.threshold, static_cast<std::int64_t>(child)};
      tree_.nodes.resize(child + 2);
      open.push_back({child + 1, cut, at.end, at.depth + 1});
      open.push_back({child, at.begin, cut, at.depth + 1});
    }
    return std::move(tree_);
  }

 private:
  float feature(std::size_t example, std::size_t f) const { return examples_.features[example * features_ + f]; }
  std::span<const float> target(std::size_t example) const {
    return examples_.targets.subspan(example * outputs_, outputs_);
  }
  void add_target(std::size_t example, std::vector<double>& sums) const {
    const auto row = target(example);
    for (std::size_t o = 0; o < outputs_; ++o) sums[o] += static_cast<double>(row[o]);
  }
  std::span<const std::size_t> examples_of(const Open& at) const {
    return std::span(drawn_).subspan(at.begin, at.end - at.begin);
  }
  void sum_targets(const Open& at) {
    std::ranges::fill(whole_, 0.0);
    for (const std::size_t i : examples_of(at)) add_target(i, whole_);
  }

  void add_leaf(const Open& at) {
    tree_.nodes[at.node] = {-1, 0.0f, static_cast<std::int64_t>(tree_.values.size() / outputs_)};
    sum_targets(at);
    const auto count = static_cast<double>(at.end - at.begin);
    for (const double sum : whole_) tree_.values.push_back(static_cast<float>(sum / count));
  }

  Split best_split(const Open& at) {
    Split best;
    const auto first = target(drawn_[at.begin]);
    const auto is_like_first = [&](std::size_t i) { return std::ranges::equal(target(i), first); };
    if (at.end - at.begin < 2 * minimum_leaf_ || at.depth >= maximum_depth_ ||
        std::ranges::all_of(examples_of(at), is_like_first)) {
      return best;
    }
    sum_targets(at);
    // As many features as wanted of those that vary here, in random order.
    std::size_t tried = 0;
    for (std::size_t i = 0; i < features_ && tried < tried_; ++i) {
      std::swap(order_[i], order_[i + rng_.below(features_ - i)]);
      if (try_feature(at, order_[i], best)) ++tried;
    }
    return best;
  }

  /// Compares by the squares of both sides' sums over their counts: the larger, the less is left of the sum of squares.
  /// @return false when the feature does not vary.
  bool try_feature(const Open& at, std::size_t f, Split& best) {
    sorted_.clear();
    for (const std::size_t i : examples_of(at)) sorted_.emplace_back(feature(i, f), i);
    std::ranges::sort(sorted_);
    if (sorted_.front().first == sorted_.back().first) return false;
    const auto n = static_cast<double>(sorted_.size());
    double before = 0.0;
    for (const double sum : whole_) before += sum * sum / n;
    std::ranges::fill(left_, 0.0);
    for (std::size_t i = 0; i + minimum_leaf_ < sorted_.size(); ++i) {
      add_target(sorted_[i].second, left_);
      const auto [value, next] = std::pair(sorted_[i].first, sorted_[i + 1].first);
      if (i + 1 < minimum_leaf_ || value == next) continue;
      const auto count = static_cast<double>(i + 1);
      double after = 0.0;
      for (std::size_t o = 0; o < outputs_; ++o) {
        const double right = whole_[o] - left_[o];
        after += left_[o] * left_[o] / count + right * right / (n - count);
      }
      const double gain = after - before;
      if (!(gain > best.gain)) continue;
      const float middle = 0.5f * value + 0.5f * next;
      best = {gain, static_cast<std::int64_t>(f), middle < next ? middle : value};  // floats may be neighbours
    }
    return true;
  }

  const ForestExamples& examples_;
  std::size_t features_, outputs_, tried_, minimum_leaf_, maximum_depth_;
  Rng rng_;
  std::vector<std::size_t> drawn_;  // examples, those of a node side by side
  std::vector<std::size_t> order_;  // features, shuffled as far as needed
  std::vector<std::pair<float, std::size_t>> sorted_;
  std::vector<double> left_, whole_;  // sums of targets
  GrownTree tree_;
};

}  // namespace

GrownTree grow_tree(const ForestExamples& examples, const ForestOptions& options, Rng rng) {
  return Growth(examples, options, rng).run();
}

}  // namespace soundalike
