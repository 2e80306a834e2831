#include "soundalike/forest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/parallel.hpp"
#include "learn/tree_growth.hpp"
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
  parallel_for(trees.size(), options.threads,
               [&](std::size_t t) { trees[t] = grow_tree(examples, options, Rng::derive(options.seed, t)); });
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
  forest.parts_.features = examples.features.size() / examples.count;
  forest.parts_.outputs = examples.targets.size() / examples.count;
  for (const GrownTree& tree : trees) {
    const auto first_node = static_cast<std::int64_t>(forest.parts_.nodes.size());
    const auto first_leaf = static_cast<std::int64_t>(forest.parts_.values.size() / forest.parts_.outputs);
    forest.parts_.roots.push_back(first_node);
    for (Node node : tree.nodes) {
      node.child += node.feature < 0 ? first_leaf : first_node;
      forest.parts_.nodes.push_back(node);
    }
    forest.parts_.values.insert(forest.parts_.values.end(), tree.values.begin(), tree.values.end());
  }

  std::vector<double> squares(forest.parts_.outputs);
  std::size_t judged = 0;
  for (std::size_t i = 0; i < examples.count; ++i) {
    std::vector<double> sums(forest.parts_.outputs);
    std::size_t unseen = 0;
    for (std::size_t t = 0; t < trees.size(); ++t) {
      if (trees[t].seen[i]) continue;
      ++unseen;
      add(forest.leaf(t, examples.features.subspan(i * forest.parts_.features, forest.parts_.features)), sums);
    }
    if (unseen == 0) continue;
    ++judged;
    for (std::size_t o = 0; o < sums.size(); ++o) {
      const auto truth = static_cast<double>(examples.targets[i * forest.parts_.outputs + o]);
      squares[o] += std::pow(sums[o] / static_cast<double>(unseen) - truth, 2);
    }
  }
  for (const double square : squares) {
    forest.parts_.out_of_bag_error.push_back(judged == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                         : square / static_cast<double>(judged));
  }
  return forest;
}

std::span<const float> Forest::leaf(std::size_t tree, std::span<const float> example) const {
  const Node* node = &parts_.nodes[static_cast<std::size_t>(parts_.roots[tree])];
  while (node->feature >= 0) {
    const bool right = !(example[static_cast<std::size_t>(node->feature)] <= node->threshold);
    node = &parts_.nodes[static_cast<std::size_t>(node->child) + (right ? 1 : 0)];
  }
  return std::span(parts_.values).subspan(static_cast<std::size_t>(node->child) * parts_.outputs, parts_.outputs);
}

std::vector<float> Forest::predict(std::span<const float> example) const {
  if (example.size() != parts_.features) {
    throw Error(ErrorCode::invalid_argument, fmt::format("cannot predict from {} features: the forest was grown on {}",
                                                         example.size(), parts_.features));
  }
  std::vector<double> sums(parts_.outputs);
  for (std::size_t t = 0; t < parts_.roots.size(); ++t) add(leaf(t, example), sums);
  std::vector<float> mean;
  for (const double sum : sums) mean.push_back(static_cast<float>(sum / static_cast<double>(parts_.roots.size())));
  return mean;
}

}  // namespace soundalike
