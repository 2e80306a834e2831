#include "effect/vst3_parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "effect/knob_text.hpp"
#include "effect/plugin_call.hpp"
#include "effect/vst3_text.hpp"
#include "soundalike/error.hpp"

namespace soundalike::vst3 {
namespace {

namespace vst = Steinberg::Vst;
using Steinberg::int32;

constexpr std::uint32_t most_choices = 128;
constexpr int32 most_parameters = 20000;

class Reader {
 public:
  explicit Reader(const Plugin& plugin) : controller_(*plugin.controller()), units_(unit_names(plugin)) {}

  std::vector<Knob> read() const {
    std::vector<vst::ParameterInfo> offered;
    std::set<std::uint32_t> seen;
    const std::set<vst::ParamID> midi = midi_parameters(controller_);
    const int32 count = std::min(controller_.getParameterCount(), most_parameters);
    for (int32 i = 0; i < count; ++i) {
      vst::ParameterInfo info{};
      if (controller_.getParameterInfo(i, info) != Steinberg::kResultOk) continue;
      // What MIDI controls and automation cannot is MIDI's alone.
      const bool automatic = (info.flags & vst::ParameterInfo::kCanAutomate) != 0;
      if (!automatic && midi.contains(info.id)) continue;
      if (is_offered(info) && seen.insert(info.id).second) offered.push_back(info);
    }
    std::vector<Knob> knobs;
    for (const vst::ParameterInfo& info : offered) knobs.push_back(knob(info));
    name_apart(knobs, offered);
    return knobs;
  }

 private:
  static bool is_bypass(const vst::ParameterInfo& info) { return (info.flags & vst::ParameterInfo::kIsBypass) != 0; }

  static bool is_offered(const vst::ParameterInfo& info) {
    constexpr int32 never =
        vst::ParameterInfo::kIsReadOnly | vst::ParameterInfo::kIsHidden | vst::ParameterInfo::kIsProgramChange;
    return (info.flags & never) == 0;
  }

  /// Parameters that stand for MIDI controllers, a thousand and more: nobody's knobs.
  static std::set<vst::ParamID> midi_parameters(vst::IEditController& controller) {
    std::set<vst::ParamID> found;
    const auto mapping = query<vst::IMidiMapping>(&controller);
    if (!mapping) return found;
    constexpr Steinberg::int16 channels = 16;
    for (Steinberg::int16 channel = 0; channel < channels; ++channel) {
      for (vst::CtrlNumber number = 0; number < vst::kCountCtrlNumber; ++number) {
        vst::ParamID id = 0;
        if (mapping->getMidiControllerAssignment(0, channel, number, id) == Steinberg::kResultOk) found.insert(id);
      }
    }
    return found;
  }

  static std::map<vst::UnitID, std::string> unit_names(const Plugin& plugin) {
    std::map<vst::UnitID, std::string> names;
    const auto units = query<vst::IUnitInfo>(plugin.controller());
    if (!units) return names;
    for (int32 i = 0; i < std::min(units->getUnitCount(), most_parameters); ++i) {
      vst::UnitInfo info{};
      if (units->getUnitInfo(i, info) == Steinberg::kResultOk) names[info.id] = utf8(info.name);
    }
    return names;
  }

  std::string printed(vst::ParamID id, double value) const {
    vst::String128 text{};
    return controller_.getParamStringByValue(id, value, text) == Steinberg::kResultOk ? utf8(text) : std::string();
  }

  Knob knob(const vst::ParameterInfo& info) const {
    Knob knob;
    knob.id = info.id;
    knob.steps = info.stepCount > 0 ? static_cast<std::uint32_t>(info.stepCount) : 0;
    const double given = info.defaultNormalizedValue;
    knob.default_value = given >= 0.0 && given <= 1.0 ? given : 0.0;  // also when it is NaN
    Parameter& p = knob.parameter;
    p.name = utf8(info.title);
    p.unit = utf8(info.units);
    if (is_bypass(info)) {
      knob.steps = 1;
      knob.default_value = 0.0;
      p.name = p.name.empty() ? "Bypass" : p.name;
    }
    if (p.name.empty()) p.name = fmt::format("Parameter {}", info.id);
    if (knob.steps == 0) {
      make_continuous(knob);
    } else if (is_switch(knob) || is_bypass(info)) {
      make_switch(knob);
    } else if (knob.steps < most_choices && has_labels(knob, (info.flags & vst::ParameterInfo::kIsList) != 0)) {
      make_choice(knob);
    } else {
      make_integer(knob);
    }
    p.id = is_bypass(info) ? "bypass" : slug(p.name);
    return knob;
  }

  std::vector<std::string> labels(const Knob& knob) const {
    std::vector<std::string> texts;
    for (std::uint32_t i = 0; i <= knob.steps; ++i) {
      texts.push_back(printed(knob.id, static_cast<double>(i) / knob.steps));
    }
    return texts;
  }

  bool is_switch(const Knob& knob) const {
    if (knob.steps != 1) return false;
    const auto texts = labels(knob);
    return soundalike::is_switch(texts[0], texts[1]);
  }

  bool has_labels(const Knob& knob, bool is_list) const {
    const auto texts = labels(knob);
    if (is_list) return std::set<std::string>(texts.begin(), texts.end()).size() == texts.size();
    return are_labels(texts, knob.parameter.unit);
  }

  static void make_switch(Knob& knob) {
    Parameter& p = knob.parameter;
    p.kind = ParameterKind::toggle;
    p.unit.clear();
    p.default_plain = knob.default_value >= 0.5 ? 1.0f : 0.0f;
  }

  /// Where the plugin numbers its steps itself, its numbers; else from zero.
  double first_step(const Knob& knob) const {
    const double low = controller_.normalizedParamToPlain(knob.id, 0.0);
    const double high = controller_.normalizedParamToPlain(knob.id, 1.0);
    const bool counts = std::isfinite(low) && std::isfinite(high) && std::abs(high - low - knob.steps) < 1e-3;
    return counts && std::abs(low) < 1e6 ? std::round(low) : 0.0;
  }

  void make_choice(Knob& knob) const {
    Parameter& p = knob.parameter;
    p.kind = ParameterKind::choice;
    const double first = first_step(knob);
    const auto texts = labels(knob);
    for (std::uint32_t i = 0; i <= knob.steps; ++i) p.choices.push_back({static_cast<float>(first + i), texts[i]});
    p.minimum = p.choices.front().plain;
    p.maximum = p.choices.back().plain;
    p.default_plain = static_cast<float>(first + std::round(knob.default_value * knob.steps));
  }

  void make_integer(Knob& knob) const {
    Parameter& p = knob.parameter;
    p.kind = ParameterKind::integer;
    const double first = first_step(knob);
    p.minimum = static_cast<float>(first);
    p.maximum = static_cast<float>(first + knob.steps);
    p.default_plain = static_cast<float>(first + std::round(knob.default_value * knob.steps));
  }

  /// Makes the parameter run as `plain` does, if that is linear or logarithmic.
  static bool run_as(Knob& knob, const std::function<double(double)>& plain, double tolerance) {
    const double low = plain(0.0);
    const double high = plain(1.0);
    if (!std::isfinite(low) || !std::isfinite(high) || !(high > low)) return false;
    constexpr std::array between{0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95};
    const auto follows = [&](auto&& rule, double slack) {
      return std::ranges::all_of(between, [&](double x) { return std::abs(plain(x) - rule(x)) <= slack; });
    };
    const auto line = [&](double x) { return low + (high - low) * x; };
    const bool linear = follows(line, tolerance * (high - low));
    bool logarithmic = false;
    if (!linear && low > 0.0) {
      logarithmic = std::ranges::all_of(between, [&](double x) {
        const double expected = low * std::pow(high / low, x);
        return std::abs(plain(x) - expected) <= std::max(10.0 * tolerance, 1e-4) * expected;
      });
    }
    if (!linear && !logarithmic) return false;
    Parameter& p = knob.parameter;
    p.minimum = static_cast<float>(low);
    p.maximum = static_cast<float>(high);
    p.logarithmic = logarithmic;
    const double at = knob.default_value;
    const double own = logarithmic ? low * std::pow(high / low, at) : line(at);
    p.default_plain = std::clamp(static_cast<float>(own), p.minimum, p.maximum);
    return true;
  }

  void make_continuous(Knob& knob) const {
    Parameter& p = knob.parameter;
    const auto plain = [&](double x) { return controller_.normalizedParamToPlain(knob.id, x); };
    const auto shown = [&](double x) { return leading_number(printed(knob.id, x)).value_or(NAN); };
    const bool own_numbers = std::abs(plain(0.5) - 0.5) > 1e-6 || plain(0.0) != 0.0 || plain(1.0) != 1.0;
    if (own_numbers && run_as(knob, plain, 1e-5)) return;
    // Many leave the mapping at 0 to 1 and print the value; printed numbers are rounded.
    if (std::abs(shown(1.0) - 1.0) > 1e-6 || std::abs(shown(0.0)) > 1e-6) {
      if (run_as(knob, shown, 6e-3)) {
        std::string_view rest;
        const std::string text = printed(knob.id, 1.0);
        if (p.unit.empty() && leading_number(text, &rest) && rest.size() < 6) p.unit = rest;
        return;
      }
    }
    const bool zero_to_one = !own_numbers && std::abs(shown(0.5) - 0.5) < 6e-3;
    p.minimum = 0.0f;
    p.maximum = 1.0f;
    p.default_plain = static_cast<float>(knob.default_value);
    if (zero_to_one) return;
    for (const double x : {0.0, 0.25, 0.5, 0.75, 1.0}) {
      std::string text = printed(knob.id, x);
      if (text.empty()) continue;
      if (!p.unit.empty() && !text.ends_with(p.unit)) text += " " + p.unit;
      p.choices.push_back({static_cast<float>(x), std::move(text)});
    }
    p.unit.clear();
  }

  void name_apart(std::vector<Knob>& knobs, const std::vector<vst::ParameterInfo>& infos) const {
    const auto repeated = [&] {
      std::map<std::string, int> uses;
      for (const Knob& knob : knobs) ++uses[knob.parameter.id];
      return uses;
    };
    auto uses = repeated();
    for (std::size_t i = 0; i < knobs.size(); ++i) {
      Parameter& p = knobs[i].parameter;
      const auto unit = units_.find(infos[i].unitId);
      if ((uses[p.id] == 1 && !p.id.empty()) || unit == units_.end() || unit->second.empty()) continue;
      if (is_bypass(infos[i])) continue;
      p.name = unit->second + " " + p.name;
      p.id = slug(p.name);
    }
    uses = repeated();
    for (Knob& knob : knobs) {
      Parameter& p = knob.parameter;
      if (uses[p.id] > 1 || p.id.empty()) p.id += fmt::format("{}{}", p.id.empty() ? "p" : "_", knob.id);
    }
  }

  vst::IEditController& controller_;
  std::map<vst::UnitID, std::string> units_;
};

}  // namespace

double Knob::value(float setting) const {
  if (setting == parameter.default_setting()) return default_value;
  if (steps == 0) return setting;
  const double step = std::round(static_cast<double>(parameter.to_plain(setting)) - parameter.minimum);
  return std::clamp(step / steps, 0.0, 1.0);
}

float Knob::setting(double value) const {
  value = std::clamp(value, 0.0, 1.0);
  if (value == default_value) return parameter.default_setting();
  if (steps == 0) return static_cast<float>(value);
  return parameter.to_setting(parameter.minimum + static_cast<float>(std::round(value * steps)));
}

std::vector<Knob> read_knobs(const Plugin& plugin) {
  if (!plugin.controller()) return {};
  return call_plugin(plugin.name(), [&] { return Reader(plugin).read(); });
}

}  // namespace soundalike::vst3
