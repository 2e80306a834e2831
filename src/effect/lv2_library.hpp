#pragma once

#include "effect/lv2_model.hpp"

namespace soundalike {

/// Loads the plugin's shared library and finds the plugin in it.
/// @return its LV2_Descriptor.
/// @throws Error plugin_failed with the loader's words.
const void* load_lv2_descriptor(const Lv2Model& model, const void* features);

}  // namespace soundalike
