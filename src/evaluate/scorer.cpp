#include "evaluate/scorer.hpp"

#include "soundalike/level.hpp"

namespace soundalike::evaluate {

Scorer::Scorer(const Instruments& instruments, Workbench& bench, const Trial& trial)
    : instruments_(instruments), bench_(bench), trial_(trial), target_(trial.target) {}

std::vector<float> Scorer::embed(AudioView audio) const {
  if (!instruments_.encoder) return {};
  const Stopwatch watch(bench_.times(), EvaluationTimes::networks);
  return instruments_.encoder->encode(audio);
}

std::vector<MetricValue> Scorer::measure(AudioView output) const {
  const MetricAudio measured(output);
  std::vector<MetricValue> values;
  for (const Metric* metric : instruments_.metrics) values.push_back(metric->measure(measured, target_));
  return values;
}

// It levels both sides itself, so one number serves both levellings.
void Scorer::add_pesq(SystemRecord& record, AudioView output) const {
  if (!instruments_.pesq) return;
  const Stopwatch watch(bench_.times(), EvaluationTimes::outside);
  const MetricValue value = instruments_.no_pesq.empty() ? instruments_.pesq->measure(output, target_)
                                                         : MetricValue::failed(instruments_.no_pesq);
  record.raw.push_back(value);
  record.matched.push_back(value);
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
  add_pesq(record, answer.audio);
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
