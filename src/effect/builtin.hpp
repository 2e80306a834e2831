#pragma once

#include <memory>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"

namespace soundalike {

/// The effects that come with the program, "builtin:<name>": clean implementations of what their files cite, for any
/// sample rate, mono and stereo, bit for bit the same at any block size.
/// @param path of no meaning.
std::vector<EffectListing> list_builtin(const std::string& path);

/// @throws Error not_found for a name that is not in the table, invalid_argument for an impossible setup.
std::unique_ptr<Effect> open_builtin(const EffectListing& listing, const RenderSetup& setup);

}  // namespace soundalike
