#include "recipe_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "context.hpp"

namespace soundalike::cli {
namespace {

constexpr std::array<std::pair<std::string_view, SampleFormat>, 3> formats{
    {{"float32", SampleFormat::float32}, {"int16", SampleFormat::int16}, {"int24", SampleFormat::int24}}};

}  // namespace

Words sample_format_names() {
  Words names;
  for (const auto& [name, format] : formats) names.push_back(name);
  return names;
}

std::optional<SampleFormat> parse_sample_format(std::string_view name) {
  for (const auto& [known, format] : formats) {
    if (known == name) return format;
  }
  return std::nullopt;
}

Table knob_table(const Recipe& recipe, const SettingsSpace& space, const std::vector<float>& found) {
  Table table(
      {{"effect", false, true}, {"knob", false, true}, {"value", true}, {"default", true}, {"setting", true}, {""}});
  std::size_t index = 0;
  for (const auto& stage : recipe.stages) {
    bool first = true;
    for (const auto& knob : stage.knobs) {
      const Parameter& parameter = space.parameters()[index];
      const bool searched = std::ranges::any_of(space.free(), [&](const auto& k) { return k.parameter == index; });
      std::string note = searched ? "" : "fixed";
      if (knob.setting != found[index]) note = fmt::format("found {}", parameter.text(found[index]));
      table.add({first ? stage.name : "", knob.name, knob.text, parameter.text(parameter.default_setting()),
                 fmt::format("{:.3f}", knob.setting), note});
      first = false;
      ++index;
    }
  }
  return table;
}

std::string output_report(const std::string& path, const RenderedFile& rendered) {
  return fmt::format("output    {}  {:.1f} LUFS (gain {:+.1f} dB), true peak {:.1f} dBTP\n", path, rendered.lufs,
                     rendered.output_gain_db, rendered.true_peak_db);
}

nlohmann::ordered_json output_json(const RenderedFile& rendered) {
  const auto finite = [](double db) {
    return std::isfinite(db) ? nlohmann::ordered_json(db) : nlohmann::ordered_json();
  };
  return {{"lufs", finite(rendered.lufs)},
          {"true_peak_db", finite(rendered.true_peak_db)},
          {"output_gain_db", rendered.output_gain_db},
          {"wanted_gain_db", rendered.wanted_gain_db},
          {"over_full_scale", rendered.over_full_scale}};
}

void warn_about_level(const RenderedFile& rendered, Context& context) {
  if (rendered.wanted_gain_db - rendered.output_gain_db > 0.05) {
    context.warn(fmt::format("the output stays {:.1f} dB under the wanted loudness: true peaks would pass the ceiling",
                             rendered.wanted_gain_db - rendered.output_gain_db));
  }
  if (rendered.over_full_scale) {
    context.warn(fmt::format("true peaks reach {:+.1f} dBTP: integer files clip there; use --loudness or turn it down",
                             rendered.true_peak_db));
  }
}

}  // namespace soundalike::cli
