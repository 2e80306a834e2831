#include "evaluate/scorer.hpp"

#include "soundalike/level.hpp"

namespace soundalike::evaluate {

Scorer::Scorer(const std::vector<const Metric*>& metrics, const Encoder* encoder, Workbench& bench, const Trial& trial)
    : metrics_(metrics), encoder_(encoder), bench_(bench), trial_(trial), target_(trial.target) {}

std::vector<float> Scorer::embed(AudioView audio) const {
  if (encoder_ == nullptr) return {};
  const Stopwatch watch(bench_.times(), EvaluationTimes::networks);
  return encoder_->encode(audio);
}

std::vector<MetricValue> Scorer::measure(AudioView output) const {
  const MetricAudio measured(output);
  std::vector<MetricValue> values;
  for (const Metric* metric : metrics_) values.push_back(metric->measure(measured, target_));
  return values;
}

SystemRecord Scorer::score(const std::string& system, const Answer& answer) {
  SystemRecord record;
  record.system = system;
  record.failure = answer.failure;
  if (!record.failure.empty()) return record;
  record.kept_dry = answer.kept_dry;
  if (!answer.settings.empty()) {
    record.knobs = in_range(bench_.space(), answer.settings);
  }
  {
    const Stopwatch watch(bench_.times(), EvaluationTimes::measures);
    const StyleDistance& style = bench_.style(trial_);
    record.distance = style.distance(style.describe(answer.audio), bench_.reference_style(trial_));
    record.raw = measure(answer.audio);
    const double level = rms(answer.audio);
    AudioBuffer matched = answer.audio;
    if (level > 0.0) {
      const auto gain = static_cast<float>(rms(trial_.target) / level);
      for (float& x : matched.samples()) x *= gain;
    }
    record.matched = measure(matched);
  }
  record.embedding = embed(answer.audio);
  return record;
}

std::vector<float> in_range(const SettingsSpace& space, const std::vector<float>& settings) {
  std::vector<float> result;
  for (const auto& knob : space.free()) {
    const float setting = settings[knob.parameter];
    result.push_back(knob.categories > 0 ? setting : (setting - knob.low) / (knob.high - knob.low));
  }
  return result;
}

}  // namespace soundalike::evaluate
