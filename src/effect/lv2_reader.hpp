#pragma once

#include "effect/lv2_model.hpp"
#include "effect/lv2_vocabulary.hpp"

namespace soundalike {

/// What a plugin's data say of it: ports, parameters, the features it needs, and why it cannot be used where it cannot.
/// @param words of the same world.
Lv2Model read_lv2_model(LilvWorld* world, const Lv2Vocabulary& words, const LilvPlugin* plugin);

}  // namespace soundalike
