#include "probe/category.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "probe/sweep.hpp"

namespace soundalike {

KnobProbe probe_category(Bench& bench, std::size_t p, Settings& base, Profile::Knob& knob) {
  const Parameter& parameter = bench.parameter(p);
  KnobProbe result{.id = parameter.id};
  knob = {.free = false, .setting = base[p], .klass = KnobClass::stepped};
  if (parameter.trigger) {
    knob.reason = "a button";
    return result;
  }
  const std::size_t count = parameter.kind == ParameterKind::toggle ? 2 : parameter.choices.size();
  std::vector<Settings> settings;
  for (std::size_t i = 0; i < count; ++i) {
    settings.push_back(base);
    settings.back()[p] = (static_cast<float>(i) + 0.5f) / static_cast<float>(count);
  }
  const auto looks = bench.look(settings);
  std::optional<float> first_sounding;
  const Look* reference = nullptr;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string label = parameter.text(settings[i][p]);
    if (looks[i].silent()) result.silent_values.push_back(label);
    if (looks[i].bad()) result.bad_values.push_back(label);
    if (!looks[i].ok()) continue;
    if (!first_sounding) first_sounding = settings[i][p];
    if (reference == nullptr) reference = &looks[i];
    result.change_db = std::max(result.change_db, band_change(reference->picture, looks[i].picture));
    result.level_free_db = std::max(result.level_free_db, level_free_change(reference->picture, looks[i].picture));
  }
  const std::string at_default = parameter.text(base[p]);
  const bool silent_default = std::ranges::count(result.silent_values, at_default) > 0;
  if (silent_default && first_sounding) base[p] = knob.setting = *first_sounding;
  knob.reason = fmt::format("{} at {}", parameter.kind == ParameterKind::choice ? "a choice" : "a switch",
                            parameter.text(base[p]));
  if (!result.silent_values.empty()) {
    knob.reason += fmt::format("; silent at {}", fmt::join(result.silent_values, ", "));
  }
  if (result.change_db < dead_db) knob.klass = KnobClass::dead;
  return result;
}

}  // namespace soundalike
