#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_file.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/progress.hpp"

namespace soundalike {

/// Everything needed to make the output from the input again, bit for bit: docs/formats.md describes the file.
///
/// out = output_gain * ((1 - wet) * in + wet * chain(input_gain * in) / input_gain), whole file, in blocks of
/// `block_size` frames, gains as amplitudes of the decibels given.
struct Recipe {
  struct Knob {
    std::string id;    ///< the effect's own parameter id
    std::string name;  ///< for people
    std::string unit;
    std::string text;      ///< the value as people read it
    float plain = 0.0f;    ///< the plugin's own number
    float setting = 0.0f;  ///< normalised; this is what counts
  };
  struct Stage {
    std::string effect;  ///< "lv2:<uri>"
    std::string name;
    std::string version;  ///< of the plugin; another one is reported, not refused
    std::vector<Knob> knobs;
  };
  std::string program_version;
  std::vector<Stage> stages;
  double sample_rate = 0.0;
  std::size_t channels = 1;
  std::size_t block_size = 1024;
  double input_gain_db = 0.0;   ///< before the first effect, so that it sees a sensible level
  double output_gain_db = 0.0;  ///< after the mix
  double wet = 1.0;             ///< 0 keeps the dry signal
  // How it was found; not needed to repeat it.
  std::string input;  ///< file names without folders
  std::string reference;
  std::uint64_t seed = 0;
  std::size_t renders = 0;
  std::string distance;  ///< name of the style distance
  double distance_before = 0.0;
  double distance_after = 0.0;
  std::string controller;  ///< name of the one that predicted; empty: none did
  std::string controller_digest;
};

std::string to_json(const Recipe& recipe);
/// @throws Error not_found, invalid_argument naming the file, the key and what was wrong.
Recipe read_recipe(const std::filesystem::path& path);
Recipe parse_recipe(std::string_view json, std::string_view origin);

/// All normalised settings of a recipe in the order of the chain's parameters.
/// @throws Error invalid_argument when the installed effects have other knobs than the recipe.
std::vector<float> recipe_settings(const Recipe& recipe, std::span<const EffectListing> chain);

struct RenderFileOptions {
  std::optional<SampleFormat> format;  ///< absent: by extension
  std::optional<double> target_lufs;   ///< absent: the recipe's own output_gain_db
  double ceiling_db = -1.0;            ///< true peaks stay below this when the gain is chosen here
  RendererOptions renderer;
};

struct RenderedFile {
  double output_gain_db = 0.0;   ///< as applied
  double wanted_gain_db = 0.0;   ///< what the loudness asked for; more than applied when peaks were in the way
  double lufs = 0.0;             ///< of the output
  double true_peak_db = 0.0;     ///< of the output
  bool over_full_scale = false;  ///< true peak above 0 dBTP (only when the gain was the recipe's own)
};

/// Renders a whole file by a recipe in bounded memory and writes it aside, then renames it.
/// Files of another rate or channel count than the recipe's are rendered at their own.
/// @throws Error as the reader, the writer and BatchRenderer::stream throw; invalid_argument when output is the input.
RenderedFile render_file(const std::filesystem::path& input, const std::filesystem::path& output, const Recipe& recipe,
                         std::span<const EffectListing> chain, const RenderFileOptions& options,
                         const Progress& progress = {}, const std::stop_token& stop = {});

}  // namespace soundalike
