#pragma once

#include <vector>

#include "soundalike/forest.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {

/// One tree as it grows; places are its own, from 0.
struct GrownTree {
  std::vector<Forest::Node> nodes;
  std::vector<float> values;  // [leaves x outputs]
  std::vector<bool> seen;     // per example: drawn for this tree
};

/// Grows a tree on examples drawn with replacement (Breiman et al. 1984, without pruning).
GrownTree grow_tree(const ForestExamples& examples, const ForestOptions& options, Rng rng);

}  // namespace soundalike
