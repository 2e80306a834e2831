#pragma once

#include <string>
#include <string_view>

namespace soundalike {

/// A class in the words of LV2, whatever a plugin's own format calls it: "EQ" of VST3 and "equalizer" of CLAP are
/// "Equaliser", so that one word finds the effects of all formats. What has no such word keeps its own, with a capital.
std::string effect_class(std::string_view word);

}  // namespace soundalike
