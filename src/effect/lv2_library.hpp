#pragma once

#include "effect/lv2_model.hpp"

namespace soundalike {

/// Loads the plugin's shared library and finds the plugin in it. The library stays loaded until the process ends: some
/// leave threads or thread-local destructors behind, and reloading costs ten times what an instance does.
/// @return its LV2_Descriptor.
/// @throws Error plugin_failed with the loader's words.
const void* load_lv2_descriptor(const Lv2Model& model, const void* features);

}  // namespace soundalike
