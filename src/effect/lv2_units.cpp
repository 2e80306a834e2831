#include "effect/lv2_units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace soundalike {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array units{
    Row{"bar", "bars"},
    Row{"beat", "beats"},
    Row{"bpm", "BPM"},
    Row{"cent", "ct"},
    Row{"cm", "cm"},
    Row{"coef", ""},
    Row{"db", "dB"},
    Row{"degree", "°"},
    Row{"frame", "frames"},
    Row{"hz", "Hz"},
    Row{"inch", "in"},
    Row{"khz", "kHz"},
    Row{"km", "km"},
    Row{"m", "m"},
    Row{"mhz", "MHz"},
    Row{"midiNote", "MIDI note"},
    Row{"min", "min"},
    Row{"mm", "mm"},
    Row{"ms", "ms"},
    Row{"oct", "oct"},
    Row{"pc", "%"},
    Row{"s", "s"},
    Row{"semitone12TET", "st"},
};

// Only the classes whose label is not their name.
constexpr std::array classes{Row{"EQPlugin", "Equaliser"}, Row{"MultiEQPlugin", "Multiband EQ"},
                             Row{"ParaEQPlugin", "Parametric EQ"}, Row{"PitchPlugin", "Pitch Shifter"}};

constexpr std::array<std::string_view, 11> general_classes{
    "Plugin",          "DelayPlugin",     "DistortionPlugin", "DynamicsPlugin", "EQPlugin",       "FilterPlugin",
    "GeneratorPlugin", "ModulatorPlugin", "SpectralPlugin",   "UtilityPlugin",  "SimulatorPlugin"};

template <std::size_t n>
const Row* find(const std::array<Row, n>& rows, std::string_view key) {
  const auto row = std::find_if(rows.begin(), rows.end(), [key](const Row& r) { return r.first == key; });
  return row == rows.end() ? nullptr : &*row;
}

}  // namespace

std::string lv2_unit_symbol(std::string_view fragment) {
  const Row* row = find(units, fragment);
  return std::string(row ? row->second : fragment);
}

std::string lv2_unit_of_render_text(std::string_view render) {
  std::string unit;
  for (std::size_t i = 0; i < render.size(); ++i) {
    if (render[i] != '%') {
      unit += render[i];
    } else if (i + 1 < render.size() && render[i + 1] == '%') {
      unit += render[++i];
    } else {  // a conversion ends at its letter: %f, %+.2f, %ld
      while (i + 1 < render.size() && !std::isalpha(static_cast<unsigned char>(render[i + 1]))) ++i;
      while (i + 1 < render.size() && (render[i + 1] == 'l' || render[i + 1] == 'h')) ++i;
      ++i;
    }
  }
  const auto first = unit.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return unit.substr(first, unit.find_last_not_of(' ') - first + 1);
}

std::string lv2_class_label(std::string_view fragment) {
  if (const Row* row = find(classes, fragment)) return std::string(row->second);
  constexpr std::string_view suffix = "Plugin";
  if (fragment.ends_with(suffix)) fragment.remove_suffix(suffix.size());
  return std::string(fragment);
}

bool lv2_class_is_general(std::string_view fragment) {
  return std::find(general_classes.begin(), general_classes.end(), fragment) != general_classes.end();
}

}  // namespace soundalike
