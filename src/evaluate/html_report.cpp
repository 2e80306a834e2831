#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/parallel.hpp"
#include "evaluate/example.hpp"
#include "evaluate/report_sections.hpp"
#include "soundalike/chart.hpp"
#include "soundalike/describe.hpp"
#include "soundalike/evaluation_report.hpp"
#include "soundalike/html.hpp"

namespace soundalike {
namespace {

using evaluate::best_of;
using evaluate::systems_shown;
using evaluate::unit_of;

constexpr std::string_view style = R"css(
body { max-width: 100rem; }
th, td { padding: 0.2rem 0.45rem; }
.pale, td small { opacity: 0.75; }
td small { display: block; font-size: 0.78em; }
td.best { font-weight: 700; }
details { border: 1px solid #8886; border-radius: 6px; padding: 0.4rem 0.8rem; margin: 0.6rem 0; }
summary { cursor: pointer; font-weight: 600; }
.players { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 0.6rem; }
.players audio { width: 100%; }
.players span { display: block; font-weight: 600; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(34rem, 1fr)); }
.plots figure { margin: 0.5rem 0; }
img { max-width: 100%; background: #fff; border-radius: 4px; }
pre { white-space: pre-wrap; }
)css";

constexpr std::size_t most_examples = 12;  // a page of up to thirty megabytes

std::string mean_cell(const SystemSummary& system, const CaseSummary& summary, bool best) {
  std::string cell = "–";
  if (system.mean) {
    cell = fmt::format("{:.3f}<small>{:.3f} to {:.3f}</small>", system.mean->mean, system.mean->low, system.mean->high);
  }
  if (system.scored < summary.pairs) cell += fmt::format("<small>of {} pairs</small>", system.scored);
  if (system.failed > 0) cell += fmt::format("<small>{} failed</small>", system.failed);
  if (system.unmeasurable > 0) cell += fmt::format("<small>{} without value</small>", system.unmeasurable);
  return fmt::format("<td class=\"n{}\">{}</td>", best ? " best" : "", cell);
}

std::string means_table(const Evaluation& evaluation, const std::vector<CaseSummary>& summaries, bool lower) {
  const auto systems = systems_shown(evaluation, summaries);
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th>case</th><th>made with</th><th "
      "class=\"n\">pairs</th>";
  for (const auto& name : systems) out += fmt::format("<th class=\"n\">{}</th>", html_escape(name));
  out += "<th class=\"n\">gap closed</th></tr></thead><tbody>\n";
  for (const auto& summary : summaries) {
    const SystemSummary* best = best_of(summary, lower);
    out += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"n\">{}</td>", html_escape(summary.name),
                       html_escape(summary.maker), summary.pairs);
    for (const auto& name : systems) {
      const SystemSummary* system = summary.find(name);
      out += system == nullptr ? "<td></td>" : mean_cell(*system, summary, system == best);
    }
    out += fmt::format("<td class=\"n\">{}</td></tr>\n",
                       summary.gap_closed ? fmt::format("{:.0f} %", 100.0 * *summary.gap_closed) : "–");
  }
  return out + "</tbody></table></div>\n";
}

std::string comparisons_table(const std::vector<CaseSummary>& summaries) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& summary : summaries) {
    for (const auto& c : summary.comparisons) {
      if (c.over != "dry" && c.over != our_system) continue;
      const char* verdict = c.corrected >= 0.05 ? "undecided" : c.gain.mean > 0.0 ? "better" : "worse";
      rows.push_back({summary.name, c.of, c.over,
                      fmt::format("{:+.3f} [{:+.3f}, {:+.3f}]", c.gain.mean, c.gain.low, c.gain.high),
                      fmt::format("{:+.2f}", c.effect_size), fmt::format("{:.2g}", c.p),
                      fmt::format("{:.2g}", c.corrected), verdict, std::to_string(c.groups)});
    }
  }
  return html_table({"case", "system", "than", "better by [95 %]", "effect size", "p", "p, corrected", "so", "groups"},
                    rows);
}

std::string box_plot(const CaseSummary& summary, const std::string& axis) {
  std::vector<ChartColumn> columns;
  for (const auto& system : summary.systems) {
    if (system.values.empty()) continue;
    const BoxSummary box = box_summary(system.values);
    columns.push_back({.label = system.system,
                       .box = ChartBox{box.low, box.quartile1, box.median, box.quartile3, box.high, box.outliers},
                       .mean = system.mean->mean});
  }
  return column_chart(columns, {.title = summary.name + ": " + axis, .axis = axis, .low = 0.0});
}

std::string frechet_table(const Evaluation& evaluation, const std::vector<CaseSummary>& summaries) {
  const auto systems = systems_shown(evaluation, summaries);
  std::vector<std::string> header{"case"};
  header.insert(header.end(), systems.begin(), systems.end());
  std::vector<std::vector<std::string>> rows;
  for (const auto& summary : summaries) {
    auto& row = rows.emplace_back(1, summary.name);
    for (const auto& name : systems) {
      const SystemSummary* system = summary.find(name);
      row.push_back(system != nullptr && system->frechet ? fmt::format("{:.3f}", *system->frechet) : "");
    }
  }
  return "<h3>Fréchet distance of the embeddings</h3>\n<p class=\"pale\">Of all outputs to all targets of a case; with "
         "few pairs it is too large, so compare within a row.</p>\n" +
         html_table(header, rows);
}

std::string section(const Evaluation& evaluation, const ViewSummary& shown, bool plots) {
  const auto& [view, summaries] = shown;
  const bool lower = lower_is_better(evaluation, view.metric);
  if (std::ranges::none_of(summaries, [](const CaseSummary& s) {
        return std::ranges::any_of(s.systems, [](const SystemSummary& system) { return system.mean.has_value(); });
      })) {
    return "<p>It has no value on any pair; why, stands under Failures.</p>\n";
  }
  const std::string unit = unit_of(view.metric);
  std::string out = fmt::format(
      "<p class=\"pale\">{}{}; mean with 95 % bootstrap interval over groups of recordings; "
      "the best that knows no more than a user is bold.</p>\n",
      lower ? "Lower is better" : "Higher is better", unit.empty() ? "" : ", in " + unit);
  out += means_table(evaluation, summaries, lower);
  if (view.metric == "embedding-distance") out += frechet_table(evaluation, summaries);
  if (plots) {
    out +=
        "<p class=\"pale\">Boxes: median and quartiles over pairs, whiskers to the last value within 1.5 IQR, points "
        "beyond; diamonds: means.</p>\n<div class=\"plots\">\n";
    for (const auto& summary : summaries) {
      out += fmt::format("<figure><figcaption>{}</figcaption>\n{}</figure>\n", html_escape(summary.name),
                         box_plot(summary, to_string(view)));
    }
    out += "</div>\n";
  }
  const std::string table = comparisons_table(summaries);
  out +=
      "<details><summary>Paired comparisons</summary>\n<p class=\"pale\">Mean differences, pair by pair; intervals "
      "draw speakers and songs whole. Wilcoxon signed rank on their means, two-sided; corrected by Holm's method over "
      "all rows of all cases; "
      "effect size: matched-pairs rank biserial correlation.</p>\n" +
      table + "</details>\n";
  return out;
}

std::string knobs_section(const Evaluation& evaluation) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t item = 0; item < evaluation.cases.size(); ++item) {
    for (const Recovery& r : recoveries(evaluation, item)) {
      rows.push_back(
          {evaluation.cases[item].name, r.knob, r.system, fmt::format("{:.3f}", r.middle_error),
           fmt::format("{:.3f} [{:.3f}, {:.3f}]", r.error.mean, r.error.low, r.error.high),
           fmt::format("{:+.2f} [{:+.2f}, {:+.2f}]", r.correlation.mean, r.correlation.low, r.correlation.high)});
    }
  }
  if (rows.empty()) return "";
  return "<h2>How well each knob was found</h2>\n<details><summary>Errors and correlations by knob</summary>\n" +
         html_table(
             {"case", "knob", "system", "error of the middle", "mean absolute error [95 %]", "correlation [95 %]"},
             rows) +
         "</details>\n";
}

std::string examples_section(const Evaluation& evaluation, const std::filesystem::path& audio, std::size_t threads) {
  std::vector<std::pair<std::filesystem::path, std::string>> shown;  // folder and title
  for (std::size_t pair = 0; pair < evaluation.protocol.examples; ++pair) {
    for (const auto& item : evaluation.cases) {
      const auto folder = audio / item.name / pair_name(pair);
      if (shown.size() == most_examples || !std::filesystem::exists(folder / "target.wav")) continue;
      shown.emplace_back(folder, fmt::format("{}, pair {}", item.name, pair_name(pair)));
    }
  }
  if (shown.empty()) return "";
  std::vector<std::string> parts(shown.size());
  parallel_for(shown.size(), threads, [&](std::size_t i) {
    parts[i] = evaluate::example(shown[i].first, shown[i].second, evaluation.systems);
  });
  std::string out =
      "<h2>Listen</h2>\n<p class=\"pale\">The first seconds of some pairs, all brought to the target's level. The "
      "reference has other content; the target is what the output should have been.</p>\n";
  for (const auto& part : parts) out += part;
  return out;
}

std::string systems_list(const Evaluation& evaluation) {
  std::string out = "<ul>\n";
  for (const auto& system : evaluated_systems()) {
    if (std::ranges::find(evaluation.systems, system.name) == evaluation.systems.end()) continue;
    out += fmt::format("<li><b>{}</b>: {}</li>\n", html_escape(system.name), html_escape(system.summary));
  }
  for (const auto& system : evaluation.protocol.outside) {
    out += fmt::format("<li><b>{}</b>: {}</li>\n", html_escape(system.name),
                       system.command.empty() ? "outputs made elsewhere" : "an outside program");
  }
  return out + "</ul>\n";
}

}  // namespace

std::string to_svg(const ScoreView& view, const std::vector<CaseSummary>& cases) {
  std::string svg = box_plot(cases.back(), to_string(view));
  const std::string_view start = "<svg";
  return svg.replace(svg.find(start), start.size(), "<svg style=\"background: #fff; color: #000\"") + "\n";
}

std::string to_html(const Evaluation& evaluation, const std::vector<ViewSummary>& summaries, const ReportOrigin& origin,
                    const std::filesystem::path& audio, std::size_t threads) {
  const std::string title = evaluation.protocol.title.empty() ? "Evaluation" : evaluation.protocol.title;
  std::string out = fmt::format("<p class=\"pale\">{}<br>{}<br>{}<br><code>{}</code></p>\n", html_escape(origin.time),
                                html_escape(origin.machine), html_escape(origin.commit), html_escape(origin.command));
  if (!evaluation.protocol.held_out) {
    out +=
        "<p class=\"warning\">These recordings were <b>not held out</b>: models or constants may have been chosen by "
        "them. Not for reports.</p>\n";
  }
  out += fmt::format("<h2 id=\"m0\">{}</h2>\n", html_escape(to_string(summaries.front().view))) +
         section(evaluation, summaries.front(), true);
  out += "<h2>All measures</h2>\n" + evaluate::overview_section(evaluation, summaries);
  for (std::size_t i = 1; i < summaries.size(); ++i) {
    out += fmt::format("<details id=\"m{}\"><summary>{}</summary>\n{}</details>\n", i,
                       html_escape(to_string(summaries[i].view)), section(evaluation, summaries[i], false));
  }
  out +=
      knobs_section(evaluation) + evaluate::failures_section(evaluation) + examples_section(evaluation, audio, threads);
  out += "<h2>What was compared</h2>\n" + systems_list(evaluation);
  out += "<details><summary>The protocol</summary><pre>" +
         html_escape(nlohmann::ordered_json::parse(to_json(evaluation.protocol)).dump(2)) + "</pre></details>\n";
  return html_page(title, out, style);
}

}  // namespace soundalike
