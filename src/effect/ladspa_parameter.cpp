#include "effect/ladspa_parameter.hpp"

#include <ladspa.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "effect/knob_text.hpp"

namespace soundalike {
namespace {

using Bound = std::optional<double>;

/// As it is written, and as people read it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 26> units{{
    {"db", "dB"},         {"hz", "Hz"},       {"khz", "kHz"},     {"ms", "ms"},    {"milliseconds", "ms"},
    {"s", "s"},           {"sec", "s"},       {"secs", "s"},      {"second", "s"}, {"seconds", "s"},
    {"us", "us"},         {"%", "%"},         {"percent", "%"},   {"cents", "ct"}, {"cent", "ct"},
    {"semitones", "st"},  {"deg", "deg"},     {"degrees", "deg"}, {"bpm", "BPM"},  {"samples", "samples"},
    {"frames", "frames"}, {"octaves", "oct"}, {"oct", "oct"},     {"m", "m"},      {"bits", "bits"},
    {"db/oct", "dB/oct"},
}};

std::string trimmed(std::string text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.pop_back();
  return text.substr(std::min(text.size(), text.find_first_not_of(" \t")));
}

std::string id_of(const std::string& name) {
  const std::string id = slug(name);
  return id.empty() ? "control" : id;
}

double between(const Parameter& p, double share) {
  if (p.logarithmic && p.minimum > 0.0f) {
    return std::exp(std::log(p.minimum) * (1.0 - share) + std::log(p.maximum) * share);
  }
  return p.minimum * (1.0 - share) + p.maximum * share;
}

/// The numbers that a default may name outright; absent for those that follow from the bounds.
Bound named_default(LADSPA_PortRangeHintDescriptor hint) {
  switch (hint & LADSPA_HINT_DEFAULT_MASK) {
    case LADSPA_HINT_DEFAULT_0:
      return 0.0;
    case LADSPA_HINT_DEFAULT_1:
      return 1.0;
    case LADSPA_HINT_DEFAULT_100:
      return 100.0;
    case LADSPA_HINT_DEFAULT_440:
      return 440.0;
    default:
      return std::nullopt;
  }
}

double default_within(const Parameter& p, LADSPA_PortRangeHintDescriptor hint) {
  switch (hint & LADSPA_HINT_DEFAULT_MASK) {
    case LADSPA_HINT_DEFAULT_MINIMUM:
      return p.minimum;
    case LADSPA_HINT_DEFAULT_LOW:
      return between(p, 0.25);
    case LADSPA_HINT_DEFAULT_MIDDLE:
      return between(p, 0.5);
    case LADSPA_HINT_DEFAULT_HIGH:
      return between(p, 0.75);
    case LADSPA_HINT_DEFAULT_MAXIMUM:
      return p.maximum;
    default:
      return p.minimum < 0.0f && p.maximum > 0.0f ? 0.0 : between(p, 0.5);
  }
}

}  // namespace

LadspaName split_ladspa_name(const std::string& port_name) {
  const std::string text = trimmed(port_name);
  for (const auto& [open, close] : {std::pair{'(', ')'}, std::pair{'[', ']'}}) {
    const std::size_t begin = text.rfind(open);
    if (begin == std::string::npos || begin == 0 || text.back() != close) continue;
    const std::string inside = lower(trimmed(text.substr(begin + 1, text.size() - begin - 2)));
    const auto unit = std::ranges::find(units, inside, [](const auto& pair) { return pair.first; });
    if (unit != units.end()) return {trimmed(text.substr(0, begin)), std::string(unit->second)};
  }
  return {text, ""};
}

void name_values(Parameter& parameter, std::vector<ChoiceValue> names) {
  if (parameter.scales_with_rate) return;
  std::erase_if(names,
                [&](const ChoiceValue& v) { return v.plain < parameter.minimum || v.plain > parameter.maximum; });
  parameter.choices = std::move(names);
  const auto whole =
      std::ranges::count_if(parameter.choices, [](const ChoiceValue& v) { return v.plain == std::round(v.plain); });
  const bool all = static_cast<float>(whole) == parameter.maximum - parameter.minimum + 1.0f;
  if (parameter.kind == ParameterKind::integer && all && whole > 1) parameter.kind = ParameterKind::choice;
}

Parameter ladspa_parameter(const std::string& port_name, const void* range_hint) {
  const auto& range = *static_cast<const LADSPA_PortRangeHint*>(range_hint);
  const LADSPA_PortRangeHintDescriptor hint = range.HintDescriptor;
  Parameter p;
  auto [name, unit] = split_ladspa_name(port_name);
  p.id = id_of(name);
  p.name = std::move(name);
  p.unit = std::move(unit);
  p.logarithmic = LADSPA_IS_HINT_LOGARITHMIC(hint);
  Bound named = named_default(hint);
  if (LADSPA_IS_HINT_TOGGLED(hint)) {
    p.kind = ParameterKind::toggle;
    p.default_plain = named.value_or(0.0) > 0.0 ? 1.0f : 0.0f;
    return p;
  }
  if (LADSPA_IS_HINT_INTEGER(hint)) p.kind = ParameterKind::integer;
  p.scales_with_rate = LADSPA_IS_HINT_SAMPLE_RATE(hint);
  constexpr double reference_rate = 48000.0;
  if (named && p.scales_with_rate) *named /= reference_rate;

  Bound low, high;
  if (LADSPA_IS_HINT_BOUNDED_BELOW(hint) && std::isfinite(range.LowerBound)) low = range.LowerBound;
  if (LADSPA_IS_HINT_BOUNDED_ABOVE(hint) && std::isfinite(range.UpperBound)) high = range.UpperBound;
  const double anchor = named.value_or(0.0);
  if (!low) low = std::min({0.0, 2.0 * anchor, high.value_or(0.0) < 0.0 ? 2.0 * *high : 0.0});
  if (!high) high = std::max({*low + 1.0, 1.0, 2.0 * anchor});
  if (*low > *high) std::swap(low, high);
  p.minimum = static_cast<float>(*low);
  p.maximum = static_cast<float>(*high);
  double value = named.value_or(default_within(p, hint));
  if (p.kind == ParameterKind::integer) {
    p.minimum = std::round(p.minimum);
    p.maximum = std::round(p.maximum);
    value = std::round(value);
  }
  p.default_plain = std::clamp(static_cast<float>(value), p.minimum, p.maximum);
  return p;
}

}  // namespace soundalike
