#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "soundalike/effect.hpp"

namespace soundalike {

/// A row of the table in builtin.cpp: one effect that comes with the program.
struct BuiltinEffect {
  std::string_view name;   ///< "compressor" of "builtin:compressor"
  std::string_view title;  ///< for people
  std::string_view klass;  ///< as EffectInfo has it
  std::vector<Parameter> (*parameters)();
  /// @param plain one value per parameter, in its range.
  /// Its process() gets blocks of at most setup.block_size frames, with denormals flushed, and depends on the samples
  /// alone, never on how they were cut into blocks.
  std::unique_ptr<EffectRun> (*start)(std::span<const float> plain, const RenderSetup& setup);
};

/// How the effects write their parameters. Names of ids are those of presets: they never change.
struct Range {
  float minimum;
  float maximum;
  float value;  ///< by default
  bool logarithmic = false;
};
inline Parameter knob(std::string_view id, std::string_view name, std::string_view unit, const Range& range) {
  Parameter p;
  p.id = id;
  p.name = name;
  p.unit = unit;
  p.minimum = range.minimum;
  p.maximum = range.maximum;
  p.default_plain = range.value;
  p.logarithmic = range.logarithmic;
  return p;
}
inline Parameter choice(std::string_view id, std::string_view name, std::initializer_list<std::string_view> labels) {
  Parameter p = knob(id, name, "", {0.0f, static_cast<float>(labels.size() - 1), 0.0f});
  p.kind = ParameterKind::choice;
  for (const std::string_view label : labels) {
    p.choices.push_back({static_cast<float>(p.choices.size()), std::string(label)});
  }
  return p;
}
inline Parameter toggle(std::string_view id, std::string_view name, bool on) {
  Parameter p = knob(id, name, "", {0.0f, 1.0f, on ? 1.0f : 0.0f});
  p.kind = ParameterKind::toggle;
  return p;
}

}  // namespace soundalike
