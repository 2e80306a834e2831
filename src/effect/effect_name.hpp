#pragma once

#include <string_view>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// What EffectLibrary::find does, on any list of effects.
const EffectListing& find_effect(const std::vector<EffectListing>& listings, std::string_view text);

}  // namespace soundalike
