#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/parameter.hpp"

namespace soundalike {

/// What is known about an effect without running it.
struct EffectInfo {
  std::string id;                 ///< "lv2:<uri>", "ladspa:<file>#<label>", "builtin:<name>", ...
  std::string name;               ///< "mda Overdrive"
  std::string klass;              ///< LV2 class label: "Distortion", "Reverb", "Parametric EQ", ...
  std::string author;             ///< may be empty
  std::string version;            ///< "<minor>.<micro>" of LV2, or empty
  std::size_t audio_inputs = 0;   ///< main inputs used, 1 or 2 (a side chain is fed silence and not counted)
  std::size_t audio_outputs = 0;  ///< main outputs used, 1 or 2
};

/// How audio is cut and which cures a plugin needs. Part of what a render depends on, so part of every recipe.
struct RenderSetup {
  SampleRate sample_rate;
  std::size_t channels = 1;       ///< of the audio that goes in and comes out: 1 or 2
  std::size_t block_size = 1024;  ///< frames per run(); some plugins sound different at another size
};

/// A fresh plugin instance that has heard nothing yet. Blocks go in and come out in order; EffectPass cuts them. For
/// one thread.
class EffectRun {
 public:
  virtual ~EffectRun() = default;
  /// Frames by which the output lags the input; known after the first process() call, constant then.
  virtual std::size_t latency() const = 0;
  /// Processes at most the setup's block_size frames: `in` and `out` are [setup.channels] pointers to `frames` floats,
  /// not aliased. Give full blocks; only the last one of the recording may be shorter, and none is empty. (A plugin
  /// that insists on blocks of one size gets its last one filled up with silence.) No NaN check here: the caller sees
  /// the whole output. @throws Error plugin_failed.
  virtual void process(const float* const* in, float* const* out, std::size_t frames) = 0;
};

/// Renders audio through a plugin as a pure function of (audio, settings, setup).
///
/// Every render starts from silence in a fresh plugin instance, so the same input and settings give the same output.
/// Bit-exactness across renders also needs a zero-filled heap and a reseeded rand(), which only a render worker has:
/// use BatchRenderer for anything that must repeat; an Effect used directly is for the worker and for tests.
///
///   auto effect = library.open("lv2:http://drobilla.net/plugins/mda/Overdrive", setup);
///   AudioBuffer driven = effect->render(dry, std::array{0.7f, 0.2f, 0.5f});
class Effect {
 public:
  virtual ~Effect() = default;
  virtual const EffectInfo& info() const = 0;
  /// The knobs, in the order of `settings`. Constant.
  virtual std::span<const Parameter> parameters() const = 0;
  virtual const RenderSetup& setup() const = 0;
  /// A fresh instance. @throws Error invalid_argument for a wrong count or range of settings, plugin_failed.
  virtual std::unique_ptr<EffectRun> start(std::span<const float> settings) const = 0;

  /// @param settings one value in [0, 1] per entry of parameters(), in that order.
  /// @return audio as long as `input`, latency removed.
  /// @throws Error(invalid_argument) for a wrong count or range, or audio of another rate or channel count;
  ///         Error(plugin_failed) for non-finite output.
  AudioBuffer render(AudioView input, std::span<const float> settings) const;

  /// All knobs at their defaults.
  std::vector<float> default_settings() const;
};

/// Throws Error(invalid_argument) unless there is one value in [0, 1] per parameter.
void check_settings(const Effect& effect, std::span<const float> settings);

/// The effect's own numbers for the settings, in parameters() order. @throws Error as check_settings().
std::vector<float> plain_values(const Effect& effect, std::span<const float> settings);

}  // namespace soundalike
