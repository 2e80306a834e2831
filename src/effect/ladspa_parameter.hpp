#pragma once

#include <string>
#include <vector>

#include "soundalike/parameter.hpp"

namespace soundalike {

/// A LADSPA control port as a knob. Its id is its name in lower case with underscores; a unit at the end of the name,
/// "Gain [dB]" or "Attack (ms)", goes into the unit.
///
/// What its hints leave open: a lower bound of 0, or twice a negative default; an upper bound of 1, or twice the
/// default; bounds in the wrong order are swapped. Without a default the knob stands at 0 where the range spans it, and
/// in the middle elsewhere (the geometric one where it is logarithmic). A default of 440, 100 or 1 in a range that
/// scales with the sample rate is what that is at 48 kHz.
/// @param range_hint LADSPA_PortRangeHint.
Parameter ladspa_parameter(const std::string& port_name, const void* range_hint);

/// Gives a knob the names that its values have elsewhere, ascending. One of whole numbers of which each has a name
/// becomes a choice; else they are names of special values.
void name_values(Parameter& parameter, std::vector<ChoiceValue> names);

/// "Limit Level [dB]" is "Limit Level" and "dB"; no unit where none is known.
struct LadspaName {
  std::string name;
  std::string unit;
};
LadspaName split_ladspa_name(const std::string& port_name);

}  // namespace soundalike
