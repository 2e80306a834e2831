#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <typeindex>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// Which way a metric is better.
enum class Direction { lower, higher };
/// "lower", "higher".
std::string_view to_string(Direction direction);

/// A number, or why there is none. What failed is to be counted and shown, never averaged in as some number.
struct MetricValue {
  std::optional<double> value;  ///< finite
  std::string failure;          ///< a phrase for people where there is no value: "the target is silent"

  static MetricValue of(double value);  ///< a failure if `value` is not finite
  static MetricValue failed(std::string reason) { return {std::nullopt, std::move(reason)}; }
};

/// A recording to be measured, with what was found out about it on the way: several metrics, and several outputs
/// against one target, share their analyses.
///
///   const MetricAudio target(read_audio("target.wav").view());   // the buffer must live on
///
/// Not for use from two threads at once.
class MetricAudio {
 public:
  MetricAudio(AudioView audio) : audio_(audio) {}                  // NOLINT: a view is always measurable
  MetricAudio(const AudioBuffer& audio) : audio_(audio.view()) {}  // NOLINT

  AudioView audio() const { return audio_; }
  /// A Feature made from audio(), the first time it is asked for; it lives as long as this.
  template <typename Feature>
  const Feature& feature() const {
    auto& slot = features_[typeid(Feature)];
    if (!slot) slot = std::make_shared<const Feature>(audio_);
    return *static_cast<const Feature*>(slot.get());
  }

 private:
  AudioView audio_;
  mutable std::map<std::type_index, std::shared_ptr<const void>> features_;
};

/// What a pair must be for a metric to have a value.
struct MetricNeeds {
  std::size_t channels = 0;     ///< 0: mono or stereo
  std::size_t frames = 1;       ///< at least
  double seconds = 0.0;         ///< at least
  double rate_hz = 0.0;         ///< at least
  bool sounding_output = true;  ///< digital silence has no value
  bool sounding_target = true;
};

/// One way of comparing an output with the target it should have been, both of one shape: a row of metrics().
///
///   const MetricAudio target(wanted);
///   for (const AudioBuffer& output : outputs) {
///     const MetricAudio measured(output);
///     for (const Metric* metric : metrics()) {
///       const MetricValue found = metric->measure(measured, target);
///       if (found.value) scores[metric->name].push_back(*found.value);
///       else failures[metric->name].push_back(found.failure);
///     }
///   }
///
/// Deterministic. Safe from many threads on MetricAudios of their own.
struct Metric {
  std::string_view name;  ///< for options, columns and JSON: lower case, hyphens
  std::string_view unit;  ///< "dB", "Hz"; empty for a bare number
  Direction better = Direction::lower;
  std::string_view summary;  ///< a phrase
  std::string_view source;   ///< paper, standard or public implementation
  MetricNeeds needs;
  /// Of a pair that meets `needs`.
  double (*compute)(const MetricAudio& output, const MetricAudio& target) = nullptr;

  /// Never throws for audio of any kind: other shapes, NaN, silence, 0 frames, and what else has no value are failures.
  MetricValue measure(const MetricAudio& output, const MetricAudio& target) const;
};

/// All of them, in the order of reports.
std::span<const Metric* const> metrics();
/// @throws Error invalid_argument naming the known ones and the nearest.
const Metric& find_metric(std::string_view name);

/// @throws Error invalid_argument with the numbers unless both have the same channels, frames and rate, and at least
/// one of each.
void check_comparable(AudioView output, AudioView target);

}  // namespace soundalike
