#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "soundalike/effect_library.hpp"

namespace soundalike::cli {

/// The pack a plugin was installed with: the name of its bundle without ".lv2", of its file without ".so".
std::string pack_of(const EffectListing& listing);

/// Whether each of the words stands in its name, id, class, author or pack, in upper or lower case.
bool has_words(const EffectListing& listing, std::span<const std::string> words);

/// "mono", "stereo", "mono to stereo"; "-" where there is no audio in or out.
std::string channels_text(const EffectInfo& info);

/// A row of `soundalike effects --json`.
nlohmann::ordered_json listing_json(const EffectListing& listing);

/// What the plugin says of a knob. Values are plain: the plugin's own.
nlohmann::ordered_json parameter_json(const Parameter& parameter);

}  // namespace soundalike::cli
