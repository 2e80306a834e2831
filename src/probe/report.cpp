#include "probe/report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "soundalike/version.hpp"

namespace soundalike {
namespace {

using Json = nlohmann::ordered_json;

// Through text, so that 0.1 is written as 0.1.
double decimal(double value, int digits) { return std::stod(fmt::format("{:.{}f}", value, digits)); }

// To 1, 2 or 5 times a power of ten: what a busy machine does to a timing must not change a file.
double roughly(double value) {
  if (value <= 0.0) return 0.0;
  const double unit = std::pow(10.0, std::floor(std::log10(value)));
  const double digit = value / unit;
  return unit * (digit < 1.4 ? 1.0 : digit < 3.2 ? 2.0 : digit < 7.1 ? 5.0 : 10.0);
}

}  // namespace

std::string probe_measurements(const Probe& probe, const ProbeOptions& options) {
  Json knobs = Json::object();
  for (const auto& knob : probe.knobs) {
    Json entry{{"change_db", decimal(knob.change_db, 2)},
               {"level_free_db", decimal(knob.level_free_db, 2)},
               {"largest_jump", decimal(knob.largest_jump, 2)},
               {"roughness", decimal(knob.roughness, 2)},
               {"step_agreement", decimal(knob.step_agreement, 2)}};
    if (!knob.silent_values.empty()) entry["silent"] = knob.silent_values;
    if (!knob.bad_values.empty()) entry["broken"] = knob.bad_values;
    knobs[knob.id] = std::move(entry);
  }
  const Json json{
      {"program_version", program_version()},
      {"sample_rate", options.setup.sample_rate.hz},
      {"channels", options.setup.channels},
      {"seed", options.seed},
      {"deterministic", probe.deterministic},
      {"block_dependent", probe.block_dependent},
      {"block_difference_db", decimal(std::max(-400.0, probe.block_difference_db), 0)},
      {"random_settings", probe.stress_renders},
      {"failed", probe.stress_failed},
      {"silent", probe.stress_silent},
      {"over_20_dbfs", probe.stress_loud},
      {"largest_peak_db", decimal(probe.stress_peak_db, 1)},
      {"times_real_time", roughly(probe.speed)},
      {"knobs", std::move(knobs)},
  };
  return json.dump();
}

std::string Probe::summary() const {
  std::string text = fmt::format(
      "{}  {:.0f} x real time, {}, {}\n", profile.name, speed, deterministic ? "repeats bit for bit" : "NOT repeatable",
      block_dependent ? fmt::format("depends on the block size ({:.0f} dB)", block_difference_db) : "any block size");
  text += fmt::format("{} random settings: {} failed, {} silent, {} over +20 dBFS, largest peak {:.1f} dBFS\n",
                      stress_renders, stress_failed, stress_silent, stress_loud, stress_peak_db);
  text += profile.neutral ? "has neutral settings that pass the sound unchanged\n" : "no neutral settings found\n";
  return text;
}

}  // namespace soundalike
