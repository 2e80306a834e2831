#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command.hpp"
#include "context.hpp"
#include "soundalike/metric.hpp"
#include "soundalike/vector_metric.hpp"
#include "table.hpp"

namespace soundalike::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr Example examples[] = {
    {"soundalike metric list", "what can be measured, in which unit, and which way is better"},
    {"soundalike metric list --json", "the same with sources, for a program"},
};

/// "stereo, 1025 frames"; empty when every pair will do.
std::string needs_text(const MetricNeeds& needs) {
  std::string text = needs.channels == 2 ? "stereo" : "";
  const auto add = [&](const std::string& need) { text += (text.empty() ? "" : ", ") + need; };
  if (needs.frames > 1) add(fmt::format("{} frames", needs.frames));
  if (needs.seconds > 0.0) add(fmt::format("{:.6g} s", needs.seconds));
  if (needs.rate_hz > 0.0) add(fmt::format("{:.6g} Hz", needs.rate_hz));
  return text;
}

int run(const Arguments&, Context& context) {
  Table table({{"metric"}, {"unit"}, {"better"}, {"needs"}, {"is", false, true}});
  Json list = Json::array();
  for (const Metric* metric : metrics()) {
    const MetricNeeds& needs = metric->needs;
    table.add({std::string(metric->name), std::string(metric->unit), std::string(to_string(metric->better)),
               needs_text(needs), std::string(metric->summary)});
    list.push_back({{"name", metric->name},
                    {"of", "audio"},
                    {"unit", metric->unit},
                    {"better", to_string(metric->better)},
                    {"summary", metric->summary},
                    {"source", metric->source},
                    {"needs",
                     {{"channels", needs.channels},
                      {"frames", needs.frames},
                      {"seconds", needs.seconds},
                      {"sample_rate", needs.rate_hz},
                      {"sounding_output", needs.sounding_output},
                      {"sounding_target", needs.sounding_target}}}});
  }
  for (const VectorMetric* metric : vector_metrics()) {
    const bool of_settings = metric->name == "parameter-mae";
    table.add({std::string(metric->name), "", std::string(to_string(metric->better)),
               of_settings          ? "settings"
               : metric->least == 1 ? "an encoder"
                                    : fmt::format("an encoder, {} pairs", metric->least),
               std::string(metric->summary)});
    list.push_back({{"name", metric->name},
                    {"of", of_settings ? "settings" : "embeddings"},
                    {"unit", ""},
                    {"better", to_string(metric->better)},
                    {"summary", metric->summary},
                    {"source", metric->source},
                    {"needs", {{"vectors", metric->least}}}});
  }
  if (context.json()) {
    context.emit({{"metrics", std::move(list)}});
  } else {
    context.print(table.text(context.width(), context.colored()));
  }
  return 0;
}

}  // namespace

extern const Command metric_list_command{
    .name = "metric list",
    .summary = "every metric with its unit and direction",
    .description =
        "Lists what soundalike metric and soundalike evaluate can measure. Definitions, sources and how closely public "
        "implementations agree stand in docs/metrics.md.",
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
