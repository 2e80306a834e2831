#include "soundalike/settings_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "effect/knob_text.hpp"
#include "soundalike/edit_distance.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::size_t category_count(const Parameter& parameter) {
  if (parameter.kind == ParameterKind::choice) return parameter.choices.size();
  return parameter.kind == ParameterKind::toggle ? 2 : 0;
}

std::string choice_labels(const Parameter& parameter) {
  std::string result;
  for (const auto& choice : parameter.choices) {
    if (!result.empty()) result += ", ";
    result += choice.label;
  }
  return result;
}

std::string expected_values(const Parameter& parameter) {
  switch (parameter.kind) {
    case ParameterKind::toggle:
      return "on or off";
    case ParameterKind::choice:
      return "one of: " + choice_labels(parameter);
    default:
      return fmt::format("{:g} to {:g}{}{}", parameter.minimum, parameter.maximum, parameter.unit.empty() ? "" : " ",
                         parameter.unit);
  }
}

// The setting that a value as people write it stands for, if it stands for one.
std::optional<float> setting_of_text(const Parameter& parameter, std::string_view value) {
  value = trimmed(value);
  const std::string wanted = lower(value);
  if (parameter.kind == ParameterKind::toggle) {
    if (wanted == "on" || wanted == "1" || wanted == "true" || wanted == "yes") return 1.0f;
    if (wanted == "off" || wanted == "0" || wanted == "false" || wanted == "no") return 0.0f;
    return std::nullopt;
  }
  for (const auto& choice : parameter.choices) {
    if (lower(choice.label) == wanted) return parameter.to_setting(choice.plain);
  }
  float number = 0.0f;
  const auto* begin = value.data() + (value.starts_with('+') ? 1 : 0);
  const auto [end, problem] = std::from_chars(begin, value.data() + value.size(), number);
  if (problem != std::errc() || !std::isfinite(number)) return std::nullopt;
  const std::string unit = lower(trimmed({end, static_cast<std::size_t>(value.data() + value.size() - end)}));
  if (unit == "%" && parameter.unit != "%") {
    return number >= 0.0f && number <= 100.0f ? std::optional(number / 100.0f) : std::nullopt;
  }
  if (!unit.empty() && unit != lower(parameter.unit)) return std::nullopt;
  if (parameter.kind == ParameterKind::choice) {
    const auto matches = [&](const ChoiceValue& choice) { return choice.plain == number; };
    if (std::none_of(parameter.choices.begin(), parameter.choices.end(), matches)) return std::nullopt;
    return parameter.to_setting(number);
  }
  const float slack = 1e-5f * std::max(std::abs(parameter.minimum), std::abs(parameter.maximum));
  if (number < parameter.minimum - slack || number > parameter.maximum + slack) return std::nullopt;
  return parameter.to_setting(number);
}

// The id of the knob that was probably meant: at most a third of its letters, or its name's, are wrong.
std::optional<std::string> nearest_knob(const std::vector<Parameter>& parameters, const std::string& wanted) {
  std::optional<std::string> nearest;
  std::size_t fewest = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const Parameter& parameter : parameters) {
    const std::size_t wrong =
        std::min(edit_distance(wanted, lower(parameter.id)), edit_distance(wanted, lower(parameter.name)));
    if (wrong >= fewest) continue;
    fewest = wrong;
    nearest = parameter.id;
  }
  return nearest;
}

}  // namespace

std::vector<Parameter> chain_parameters(std::span<const EffectListing> chain) {
  std::vector<Parameter> result;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    for (Parameter parameter : chain[i].parameters) {
      if (i > 0) parameter.id = fmt::format("{}.{}", i + 1, parameter.id);
      result.push_back(std::move(parameter));
    }
  }
  return result;
}

SettingsSpace::SettingsSpace(std::span<const EffectListing> chain, std::span<const Profile> profiles)
    : parameters_(chain_parameters(chain)) {
  if (chain.size() != profiles.size()) {
    throw Error(ErrorCode::internal, fmt::format("{} effects but {} profiles", chain.size(), profiles.size()));
  }
  std::size_t index = 0;
  for (std::size_t i = 0; i < chain.size(); ++i) {
    for (const Parameter& parameter : chain[i].parameters) {
      const auto knob = profiles[i].knobs.find(parameter.id);
      if (knob == profiles[i].knobs.end()) {
        base_.push_back(parameter.default_setting());
      } else {
        base_.push_back(knob->second.setting);
        if (knob->second.free) {
          free_.push_back({index, knob->second.low, knob->second.high, knob->second.step, category_count(parameter)});
        }
      }
      ++index;
    }
  }
}

std::size_t SettingsSpace::index_of(std::string_view knob) const {
  std::string wanted = lower(trimmed(knob));
  if (wanted.starts_with("1.")) wanted.erase(0, 2);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (lower(parameters_[i].id) == wanted) return i;
  }
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    if (lower(parameters_[i].name) != wanted) continue;
    if (found) {
      throw Error(ErrorCode::invalid_argument,
                  fmt::format("knob '{}' is ambiguous: say {} or {}", knob, parameters_[*found].id, parameters_[i].id));
    }
    found = i;
  }
  if (found) return *found;
  std::string known;
  for (const auto& parameter : parameters_) {
    if (!known.empty()) known += ", ";
    known += parameter.id;
  }
  const auto near = nearest_knob(parameters_, wanted);
  throw Error(ErrorCode::not_found,
              fmt::format("no knob '{}'; {}there are: {}", knob, near ? fmt::format("did you mean '{}'? ", *near) : "",
                          known.empty() ? "none" : known));
}

void SettingsSpace::pin(std::string_view knob, std::string_view value) {
  const std::size_t index = index_of(knob);
  const Parameter& parameter = parameters_[index];
  const auto setting = setting_of_text(parameter, value);
  if (!setting) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot set '{}' to '{}': it takes {}", parameter.id, value, expected_values(parameter)));
  }
  base_[index] = *setting;
  std::erase_if(free_, [&](const Knob& k) { return k.parameter == index; });
}

void SettingsSpace::release(std::string_view knob) {
  const std::size_t index = index_of(knob);
  const auto place =
      std::lower_bound(free_.begin(), free_.end(), index, [](const Knob& k, std::size_t i) { return k.parameter < i; });
  if (place != free_.end() && place->parameter == index) {
    place->low = 0.0f;
    place->high = 1.0f;
    return;
  }
  free_.insert(place, {index, 0.0f, 1.0f, 0.01f, category_count(parameters_[index])});
}

std::vector<float> SettingsSpace::expand(std::span<const double> point) const {
  if (point.size() != free_.size()) {
    throw Error(ErrorCode::invalid_argument, fmt::format("{} values for {} free knobs", point.size(), free_.size()));
  }
  std::vector<float> settings = base_;
  for (std::size_t i = 0; i < free_.size(); ++i) {
    const Knob& knob = free_[i];
    const float value = static_cast<float>(std::clamp(point[i], 0.0, 1.0));
    settings[knob.parameter] =
        std::clamp(knob.categories > 0 ? value : knob.low + (knob.high - knob.low) * value, 0.0f, 1.0f);
  }
  return settings;
}

std::vector<double> SettingsSpace::point_of(std::span<const float> settings) const {
  std::vector<double> point(free_.size());
  for (std::size_t i = 0; i < free_.size(); ++i) {
    const Knob& knob = free_[i];
    const double setting = settings[knob.parameter];
    const double width = static_cast<double>(knob.high) - knob.low;
    point[i] = knob.categories > 0 ? setting : std::clamp(width > 0.0 ? (setting - knob.low) / width : 0.5, 0.0, 1.0);
  }
  return point;
}

}  // namespace soundalike
