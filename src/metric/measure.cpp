#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "soundalike/error.hpp"
#include "soundalike/level.hpp"
#include "soundalike/metric.hpp"

namespace soundalike {
namespace {

struct Peak {
  explicit Peak(AudioView audio) {
    for (std::size_t c = 0; c < audio.channels(); ++c) value = std::max(value, peak_of(audio.channel(c)));
  }
  float value = 0.0f;
};

std::string shape_text(AudioView audio) {
  return fmt::format("{} {} of {} frames at {} Hz", audio.channels(), audio.channels() == 1 ? "channel" : "channels",
                     audio.frames(), audio.sample_rate().hz);
}

/// Why the pair cannot be compared by anything; empty when it can.
std::string mismatch(AudioView output, AudioView target) {
  for (const auto& [who, audio] : {std::pair("output", output), std::pair("target", target)}) {
    if (audio.channels() == 0 || audio.frames() == 0 || !(audio.sample_rate().hz > 0.0)) {
      return fmt::format("the {} is empty: {}", who, shape_text(audio));
    }
  }
  if (output.channels() == target.channels() && output.frames() == target.frames() &&
      output.sample_rate() == target.sample_rate()) {
    return "";
  }
  return fmt::format("the output has {}, the target {}: both must have one shape", shape_text(output),
                     shape_text(target));
}

/// Which need the pair, of one shape, does not meet; empty when it meets them all.
std::string unmet(const MetricNeeds& needs, const MetricAudio& output, const MetricAudio& target) {
  const AudioView audio = target.audio();
  if (needs.channels != 0 && audio.channels() != needs.channels) {
    return fmt::format("it takes {} channels, and these recordings have {}", needs.channels, audio.channels());
  }
  if (audio.frames() < needs.frames) {
    return fmt::format("it needs at least {} frames, got {} ({:.1f} ms)", needs.frames, audio.frames(),
                       1000.0 * audio.seconds());
  }
  if (audio.seconds() < needs.seconds) {
    return fmt::format("it needs at least {:.6g} ms, got {:.1f} ms", 1000.0 * needs.seconds, 1000.0 * audio.seconds());
  }
  if (audio.sample_rate().hz < needs.rate_hz) {
    return fmt::format("it needs at least {} Hz, got {} Hz", needs.rate_hz, audio.sample_rate().hz);
  }
  for (const auto& [who, heard, must_sound] :
       {std::tuple("output", &output, needs.sounding_output), std::tuple("target", &target, needs.sounding_target)}) {
    const float peak = heard->feature<Peak>().value;
    if (peak > std::numeric_limits<float>::max()) return fmt::format("the {} holds NaN or infinite samples", who);
    if (must_sound && peak == 0.0f) return fmt::format("the {} is silent", who);
  }
  return "";
}

}  // namespace

std::string_view to_string(Direction direction) { return direction == Direction::lower ? "lower" : "higher"; }

MetricValue MetricValue::of(double value) {
  if (!std::isfinite(value)) return failed(fmt::format("the result is {}", value));
  return {value, ""};
}

MetricValue Metric::measure(const MetricAudio& output, const MetricAudio& target) const {
  if (std::string reason = mismatch(output.audio(), target.audio()); !reason.empty()) {
    return MetricValue::failed(std::move(reason));
  }
  if (std::string reason = unmet(needs, output, target); !reason.empty()) {
    return MetricValue::failed(std::move(reason));
  }
  try {
    return MetricValue::of(compute(output, target));
  } catch (const Error& error) {
    return MetricValue::failed(error.what());
  }
}

void check_comparable(AudioView output, AudioView target) {
  const std::string reason = mismatch(output, target);
  if (!reason.empty()) throw Error(ErrorCode::invalid_argument, "cannot compare: " + reason);
}

}  // namespace soundalike
