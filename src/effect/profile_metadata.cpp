#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "soundalike/profile.hpp"

namespace soundalike {
namespace {

/// Whether the name holds one of the words that name a switch even where the plugin declares a plain range.
bool names_a_switch(std::string_view name) {
  static constexpr std::array<std::string_view, 6> words{"bypass", "enable", "enabled", "mute", "muted", "solo"};
  std::string word;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const unsigned char c = i < name.size() ? static_cast<unsigned char>(name[i]) : ' ';
    if (std::isalpha(c)) {
      word += static_cast<char>(std::tolower(c));
    } else {
      if (std::find(words.begin(), words.end(), word) != words.end()) return true;
      word.clear();
    }
  }
  return false;
}

/// Why a knob stays at its default, or empty.
std::string reason_to_fix(const Parameter& parameter) {
  if (parameter.trigger) return "a button";
  if (parameter.kind == ParameterKind::choice) return "a choice";
  if (parameter.kind == ParameterKind::toggle) return "a switch";
  if (!(parameter.maximum > parameter.minimum)) return "its range is empty";
  if (names_a_switch(parameter.name) || names_a_switch(parameter.id)) return "a switch by its name";
  return "";
}

}  // namespace

Profile Profile::from_metadata(const EffectListing& listing) {
  Profile profile;
  profile.effect = listing.info.id;
  profile.name = listing.info.name;
  profile.probe_json = "{}";
  for (const Parameter& parameter : listing.parameters) {
    Knob knob;
    knob.setting = parameter.default_setting();
    knob.reason = reason_to_fix(parameter);
    knob.free = knob.reason.empty();
    if (parameter.kind != ParameterKind::continuous) knob.klass = KnobClass::stepped;
    // Less than one step of an integer changes nothing, so the difference would be zero.
    if (parameter.kind == ParameterKind::integer && knob.free) {
      knob.step = std::clamp(1.0f / (parameter.maximum - parameter.minimum), knob.step, 0.5f);
    }
    profile.knobs.emplace(parameter.id, std::move(knob));
  }
  return profile;
}

}  // namespace soundalike
