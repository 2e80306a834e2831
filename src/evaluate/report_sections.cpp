#include "evaluate/report_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "soundalike/html.hpp"
#include "soundalike/pesq_command.hpp"

namespace soundalike::evaluate {
namespace {

std::string printed(const SystemSummary* system) {
  return system != nullptr && system->mean ? fmt::format("{:.3f}", system->mean->mean) : "–";
}

}  // namespace

std::vector<std::string> systems_shown(const Evaluation& evaluation, const std::vector<CaseSummary>& summaries) {
  std::vector<std::string> result;
  for (const auto& name : evaluation.systems) {
    const bool run = std::ranges::any_of(summaries, [&](const CaseSummary& s) { return s.find(name) != nullptr; });
    if (run) result.push_back(name);
  }
  return result;
}

const SystemSummary* best_of(const CaseSummary& summary, bool lower) {
  std::size_t most = 0;
  for (const auto& system : summary.systems) most = std::max(most, system.scored);
  const SystemSummary* best = nullptr;
  for (const auto& system : summary.systems) {
    if (!system.mean || system.system == "oracle" || system.scored < most) continue;
    const bool better =
        best == nullptr || (lower ? system.mean->mean < best->mean->mean : system.mean->mean > best->mean->mean);
    if (better) best = &system;
  }
  return best;
}

std::string unit_of(const std::string& metric) {
  if (metric == PesqCommand::name) return std::string(PesqCommand::unit);
  for (const Metric* row : metrics()) {
    if (row->name == metric) return std::string(row->unit);
  }
  return "";
}

std::string overview_section(const Evaluation& evaluation, const std::vector<ViewSummary>& summaries) {
  const auto systems = systems_shown(evaluation, summaries.front().cases);
  std::string out =
      "<p class=\"pale\">Means over all cases. Of each measure the best system that knows no more than a user is bold; "
      "matched: outputs brought to the target's level first, raw: as they are.</p>\n"
      "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th>measure</th><th>better</th><th "
      "class=\"n\">pairs</th>";
  for (const auto& name : systems) out += fmt::format("<th class=\"n\">{}</th>", html_escape(name));
  out += "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    const auto& [view, cases] = summaries[i];
    const CaseSummary& all = cases.back();
    const bool lower = lower_is_better(evaluation, view.metric);
    const SystemSummary* best = best_of(all, lower);
    const std::string unit = unit_of(view.metric);
    std::size_t scored = 0;
    for (const auto& system : all.systems) scored = std::max(scored, system.scored);
    out += fmt::format("<tr><td><a href=\"#m{}\">{}</a>{}</td><td>{}</td><td class=\"n\">{}</td>", i,
                       html_escape(to_string(view)), unit.empty() ? "" : " [" + unit + "]", lower ? "lower" : "higher",
                       scored);
    for (const auto& name : systems) {
      const SystemSummary* system = all.find(name);
      const std::string text = printed(system);
      const bool apart = std::ranges::any_of(all.systems, [&](const auto& other) { return printed(&other) != text; });
      out +=
          fmt::format("<td class=\"n{}\">{}</td>", system != nullptr && system == best && apart ? " best" : "", text);
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string failures_section(const Evaluation& evaluation) {
  struct Kind {
    std::size_t count = 0;
    std::string first;
  };
  std::map<std::tuple<std::size_t, std::string, std::string>, Kind> kinds;  // by case, why and who
  std::size_t outputs = 0, values = 0;
  for (const PairRecord& record : evaluation.records) {
    const auto add = [&](const std::string& who, const std::string& why) {
      Kind& kind = kinds[{record.item, why, who}];
      if (kind.count++ == 0) kind.first = pair_name(record.pair) + ", " + record.recording;
    };
    if (!record.skipped.empty()) add("the maker", record.skipped);
    for (const SystemRecord& system : record.systems) {
      if (!system.failure.empty()) {
        add(system.system, system.failure);
        ++outputs;
      }
      for (std::size_t m = 0; m < system.matched.size(); ++m) {
        if (system.matched[m].value) continue;
        add(system.system, evaluation.metrics[m] + ": " + system.matched[m].failure);
        ++values;
      }
    }
  }
  if (kinds.empty()) {
    return "<h2>Failures</h2>\n<p>None: every system gave output on every pair, and every number could be "
           "computed.</p>\n";
  }
  // What befell several systems alike is one row.
  std::vector<std::vector<std::string>> rows;
  const std::tuple<std::size_t, std::string, std::string>* before = nullptr;
  for (const auto& [key, kind] : kinds) {
    const auto& [item, why, who] = key;
    const std::string count = std::to_string(kind.count);
    const bool alike = before != nullptr && std::get<0>(*before) == item && std::get<1>(*before) == why &&
                       rows.back()[3] == count && rows.back()[4] == kind.first;
    if (alike) {
      rows.back()[1] += ", " + who;
    } else {
      rows.push_back({evaluation.cases[item].name, who, why, count, kind.first});
    }
    before = &key;
  }
  for (auto& row : rows) {
    const auto systems = static_cast<std::size_t>(1 + std::ranges::count(row[1], ','));
    if (systems > 1 && systems == evaluation.systems.size()) row[1] = "all";
  }
  return fmt::format(
             "<h2>Failures</h2>\n<p>{} outputs are missing, and {} numbers could not be computed. Counted here and in "
             "the "
             "tables, never averaged in: means and comparisons are of the pairs that have a "
             "number.</p>\n<details><summary>"
             "What failed, and why</summary>\n",
             outputs, values) +
         html_table({"case", "system", "why", "pairs", "first"}, rows) + "</details>\n";
}

}  // namespace soundalike::evaluate
