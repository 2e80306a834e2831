#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "match/spool.hpp"
#include "soundalike/decibels.hpp"
#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/recipe.hpp"

namespace soundalike {
namespace {

constexpr std::size_t io_frames = 65536;

AudioBuffer scaled(AudioView audio, float gain) {
  AudioBuffer result(audio);
  if (gain != 1.0f) {
    for (float& x : result.samples()) x *= gain;
  }
  return result;
}

void refuse_same_file(const std::filesystem::path& input, const std::filesystem::path& output) {
  std::error_code ignored;
  if (std::filesystem::equivalent(input, output, ignored)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("output '{}' is the input itself; give another name", output.string()));
  }
}

}  // namespace

RenderedFile render_file(const std::filesystem::path& input, const std::filesystem::path& output, const Recipe& recipe,
                         std::span<const EffectListing> chain, const RenderFileOptions& options,
                         const Progress& progress, const std::stop_token& stop) {
  refuse_same_file(input, output);
  AudioFileReader reader(input);
  const AudioFileInfo info = reader.info();
  const float input_gain = static_cast<float>(from_db(recipe.input_gain_db));
  const float undo_gain = static_cast<float>(from_db(-recipe.input_gain_db));
  const float wet = static_cast<float>(recipe.wet);

  const std::vector<float> settings = recipe_settings(recipe, chain);  // checked even when the dry signal is kept
  AudioFileWriter writer(output, info.channels, info.sample_rate, options.format);
  LoudnessMeter meter(info.channels, info.sample_rate);
  std::optional<Spool> spool;
  if (options.target_lufs) spool.emplace(output, info.channels, info.sample_rate);
  const float output_gain = static_cast<float>(from_db(recipe.output_gain_db));
  std::size_t done = 0;
  const auto sink = [&](AudioView mixed) {
    if (spool) {
      meter.add(mixed);
      spool->write(mixed);
    } else {
      const AudioBuffer loud = scaled(mixed, output_gain);
      meter.add(loud);
      writer.write(loud);
    }
    done += mixed.frames();
    if (progress) progress({"rendering", done, info.frames, {}});
  };

  if (wet == 0.0f) {
    for (AudioBuffer block = reader.read(io_frames); block.frames() > 0; block = reader.read(io_frames)) {
      if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped");
      sink(block);
    }
  } else {
    RendererOptions renderer_options = options.renderer;
    renderer_options.workers = 1;
    BatchRenderer renderer({chain.begin(), chain.end()}, {info.sample_rate, info.channels, recipe.block_size},
                           renderer_options);
    std::optional<AudioFileReader> dry;  // to be laid under the wet one
    if (wet < 1.0f) dry.emplace(input);
    renderer.stream([&](std::size_t frames) { return scaled(reader.read(frames), input_gain); },
                    [&](AudioView processed) {
                      AudioBuffer mixed = scaled(processed, undo_gain * wet);
                      if (dry) {
                        const AudioBuffer under = dry->read(processed.frames());
                        for (std::size_t i = 0; i < mixed.samples().size(); ++i) {
                          mixed.samples()[i] += (1.0f - wet) * under.samples()[i];
                        }
                      }
                      sink(mixed);
                    },
                    settings, stop);
  }

  RenderedFile result;
  result.output_gain_db = result.wanted_gain_db = recipe.output_gain_db;
  Levels levels = meter.levels();
  if (spool) {
    result.wanted_gain_db = result.output_gain_db = 0.0;
    if (std::isfinite(levels.lufs)) {
      result.wanted_gain_db = *options.target_lufs - levels.lufs;
      result.output_gain_db = std::clamp(guard_gain_db(levels.true_peak_db, result.wanted_gain_db, options.ceiling_db),
                                         -200.0, 200.0);  // as recipes
    }
    const float gain = static_cast<float>(from_db(result.output_gain_db));
    spool->rewind();
    for (AudioBuffer block = spool->read(io_frames); block.frames() > 0; block = spool->read(io_frames)) {
      if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "stopped");
      writer.write(scaled(block, gain));
    }
    levels.lufs += result.output_gain_db;
    levels.true_peak_db += result.output_gain_db;
  }
  result.lufs = levels.lufs;
  result.true_peak_db = levels.true_peak_db;
  result.over_full_scale = levels.true_peak_db > 0.0;
  writer.commit();
  return result;
}

}  // namespace soundalike
