#pragma once

#include <lilv/lilv.h>

#include <memory>
#include <string>

namespace soundalike {

struct LilvNodeFree {
  void operator()(LilvNode* node) const { lilv_node_free(node); }
};
using LilvNodePointer = std::unique_ptr<LilvNode, LilvNodeFree>;

/// The predicates asked for of a world, made once.
struct Lv2Vocabulary {
  explicit Lv2Vocabulary(LilvWorld* world);
  LilvNodePointer type, designation, property, minimum, maximum, default_value, minor_version, micro_version,
      optional_feature;
  LilvNodePointer group, side_chain_of, main_input, main_output, minimum_size, unit, unit_symbol, unit_render;
};

/// "" for none.
std::string text_of(const LilvNode* node);

}  // namespace soundalike
