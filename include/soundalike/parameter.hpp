#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace soundalike {

enum class ParameterKind { continuous, integer, choice, toggle };

/// One value of a choice, in the plugin's own number, with its label.
struct ChoiceValue {
  float plain = 0.0f;
  std::string label;
};

/// What a plugin says about one of its knobs.
///
/// `settings` values are normalised, in [0, 1]; `plain` values are the plugin's own. Continuous knobs map linearly, or
/// logarithmically where the plugin says so: between bounds of one sign, or over the 80 dB below the maximum where the
/// range begins at zero (setting 0 is zero itself). Integers round; a choice of n values maps [i/n, (i+1)/n) to value i
/// and writes back the middle; a toggle is on from 0.5 up.
struct Parameter {
  std::string id;    ///< unique in its effect: the LV2 symbol; in a chain "<n>.<symbol>" from the second effect on
  std::string name;  ///< for people
  std::string unit;  ///< "dB", "Hz", "ms", "%", ...; empty when unknown
  ParameterKind kind = ParameterKind::continuous;
  bool logarithmic = false;
  float minimum = 0.0f;
  float maximum = 1.0f;
  float default_plain = 0.0f;
  std::vector<ChoiceValue> choices;  ///< for choice: all values; else labels of special values, may be empty
  bool trigger = false;              ///< a button that fires an event; never searched
  /// In a listing, which knows no sample rate: range, default and choices are multiples of it (a filter's cutoff, say).
  /// Effect::parameters() has them resolved and this flag false.
  bool scales_with_rate = false;

  /// The parameter as it is at a sample rate of `hz`; itself when it does not scale.
  Parameter at_rate(double hz) const;
  float to_plain(float setting) const;  ///< clamps the setting to [0, 1]
  float to_setting(float plain) const;  ///< clamps to the range; nearest value for choices
  float default_setting() const { return to_setting(default_plain); }
  /// "12.3 dB", "Low Pass", "on": the plain value as people read it.
  std::string text(float setting) const;
};

std::string_view to_string(ParameterKind kind);

}  // namespace soundalike
