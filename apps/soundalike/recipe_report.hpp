#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "option.hpp"
#include "soundalike/recipe.hpp"
#include "soundalike/settings_space.hpp"
#include "table.hpp"

namespace soundalike::cli {

class Context;

/// "float32", "int16", "int24": for a --format option, and back; nothing for an empty name.
Words sample_format_names();
std::optional<SampleFormat> parse_sample_format(std::string_view name);

/// Every knob of a recipe: effect, name, value with unit, default, and whether it was searched.
/// @param found the settings before --amount, normalised [parameters].
Table knob_table(const Recipe& recipe, const SettingsSpace& space, const std::vector<float>& found);

/// One line on the written file: loudness, gain, true peak.
std::string output_report(const std::string& path, const RenderedFile& rendered);
nlohmann::ordered_json output_json(const RenderedFile& rendered);
/// Warns when peaks held the loudness back, or go over full scale.
void warn_about_level(const RenderedFile& rendered, Context& context);

}  // namespace soundalike::cli
