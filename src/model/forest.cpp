#include "soundalike/forest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "model/tree_growth.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

void check(const ForestExamples& examples, const ForestOptions& options) {
  const auto fits = [&](std::span<const float> values) {
    return !values.empty() && examples.count > 0 && values.size() % examples.count == 0;
  };
  if (!fits(examples.features) || !fits(examples.targets) || options.trees == 0) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot grow {} trees on {} examples with {} features and {} targets in all: it takes at "
                            "least one tree and one example, and as many of both for each",
                            options.trees, examples.count, examples.features.size(), examples.targets.size()));
  }
  for (const auto& values : {examples.features, examples.targets}) {
    if (std::ranges::all_of(values, [](float x) { return std::isfinite(x); })) continue;
    throw Error(ErrorCode::invalid_argument, "cannot grow trees on examples with NaN or infinite values");
  }
}

std::vector<GrownTree> grow_all(const ForestExamples& examples, const ForestOptions& options) {
  std::vector<GrownTree> trees(options.trees);
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t t = next++; t < trees.size(); t = next++) {
      trees[t] = grow_tree(examples, options, Rng::derive(options.seed, t));
    }
  };
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < std::min(options.threads, options.trees); ++i) helpers.emplace_back(work);
  work();
  helpers.clear();  // joins
  return trees;
}

/// Adds a leaf's values to the sums of a prediction.
void add(std::span<const float> leaf, std::vector<double>& sums) {
  for (std::size_t o = 0; o < sums.size(); ++o) sums[o] += static_cast<double>(leaf[o]);
}

}  // namespace

Forest Forest::fit(const ForestExamples& examples, const ForestOptions& options) {
  check(examples, options);
  const std::vector<GrownTree> trees = grow_all(examples, options);
  Forest forest;
  forest.features_ = examples.features.size() / examples.count;
  forest.outputs_ = examples.targets.size() / examples.count;
  for (const GrownTree& tree : trees) {
    const auto first_node = static_cast<std::int64_t>(forest.nodes_.size());
    const auto first_leaf = static_cast<std::int64_t>(forest.values_.size() / forest.outputs_);
    forest.roots_.push_back(first_node);
    for (Node node : tree.nodes) {
      node.child += node.feature < 0 ? first_leaf : first_node;
      forest.nodes_.push_back(node);
    }
    forest.values_.insert(forest.values_.end(), tree.values.begin(), tree.values.end());
  }

  std::vector<double> squares(forest.outputs_);
  std::size_t judged = 0;
  for (std::size_t i = 0; i < examples.count; ++i) {
    std::vector<double> sums(forest.outputs_);
    std::size_t unseen = 0;
    for (std::size_t t = 0; t < trees.size(); ++t) {
      if (trees[t].seen[i]) continue;
      ++unseen;
      add(forest.leaf(t, examples.features.subspan(i * forest.features_, forest.features_)), sums);
    }
    if (unseen == 0) continue;
    ++judged;
    for (std::size_t o = 0; o < sums.size(); ++o) {
      const auto truth = static_cast<double>(examples.targets[i * forest.outputs_ + o]);
      squares[o] += std::pow(sums[o] / static_cast<double>(unseen) - truth, 2);
    }
  }
  for (const double square : squares) {
    forest.out_of_bag_error_.push_back(judged == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                   : square / static_cast<double>(judged));
  }
  return forest;
}

std::span<const float> Forest::leaf(std::size_t tree, std::span<const float> example) const {
  const Node* node = &nodes_[static_cast<std::size_t>(roots_[tree])];
  while (node->feature >= 0) {
    const bool right = !(example[static_cast<std::size_t>(node->feature)] <= node->threshold);
    node = &nodes_[static_cast<std::size_t>(node->child) + (right ? 1 : 0)];
  }
  return std::span(values_).subspan(static_cast<std::size_t>(node->child) * outputs_, outputs_);
}

std::vector<float> Forest::predict(std::span<const float> example) const {
  if (example.size() != features_) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot predict from {} features: the forest was grown on {}", example.size(), features_));
  }
  std::vector<double> sums(outputs_);
  for (std::size_t t = 0; t < roots_.size(); ++t) add(leaf(t, example), sums);
  std::vector<float> mean;
  for (const double sum : sums) mean.push_back(static_cast<float>(sum / static_cast<double>(roots_.size())));
  return mean;
}

}  // namespace soundalike
