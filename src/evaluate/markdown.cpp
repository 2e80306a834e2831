#include <fmt/format.h>

#include <algorithm>

#include "soundalike/evaluation_report.hpp"

namespace soundalike {
namespace {

// What is worth comparing where there is a controller: over, of.
constexpr std::pair<std::string_view, std::string_view> advantages[] = {
    {"dry", "predict"},       {"preset", "predict"},  {"middle", "predict"}, {"random", "predict"},
    {"neighbour", "predict"}, {"predict", "refined"}, {"search", "refined"}, {"soundalike", "refined"}};

std::string text_of(const Interval& interval) {
  return fmt::format("{:+.3f} [{:+.3f}, {:+.3f}]", interval.mean, interval.low, interval.high);
}

bool was_run(const std::vector<CaseSummary>& summaries, std::string_view system) {
  return std::ranges::any_of(summaries, [&](const CaseSummary& s) { return s.find(system) != nullptr; });
}

std::string scores_table(const Evaluation& evaluation, const std::vector<CaseSummary>& summaries) {
  std::string out = "| effect | reference made with | pairs |";
  std::string rule = "|---|---|---|";
  for (const auto& system : evaluation.systems) {
    if (!was_run(summaries, system)) continue;
    out += fmt::format(" {} |", system);
    rule += "---|";
  }
  const bool matched = was_run(summaries, our_system);
  out += matched ? " gain over dry [95 %] | gap closed | kept dry |\n" : "\n";
  out += rule + (matched ? "---|---|---|\n" : "\n");
  for (const auto& s : summaries) {
    out += fmt::format("| {} | {} | {} |", s.name, s.maker, s.pairs);
    for (const auto& name : evaluation.systems) {
      if (!was_run(summaries, name)) continue;
      const SystemSummary* system = s.find(name);
      out += system != nullptr && system->mean ? fmt::format(" {:.3f} |", system->mean->mean) : " |";
    }
    if (matched) {
      const Comparison* gain = s.find("dry", our_system);
      const SystemSummary* ours = s.find(our_system);
      out += fmt::format(" {} | {} | {} |", gain != nullptr ? text_of(gain->gain) : "-",
                         s.gap_closed ? fmt::format("{:.0f} %", 100.0 * *s.gap_closed) : "-",
                         ours != nullptr ? ours->kept_dry : 0);
    }
    out += "\n";
  }
  return out;
}

std::string closing(const std::vector<CaseSummary>& summaries) {
  double closed = 0.0;
  double gain = 0.0;
  double gap = 0.0;
  std::size_t rows = 0;
  std::size_t skipped = 0;
  std::size_t failed = 0;
  for (const auto& s : summaries) {
    skipped += s.skipped;
    for (const auto& system : s.systems) failed += system.failed;
    if (!s.gap_closed) continue;
    ++rows;
    closed += *s.gap_closed;
    gain += s.find("dry", our_system)->gain.mean;
    gap += *s.gap;
  }
  std::string text;
  if (rows > 0) {
    text = fmt::format("Gap closed: {:.0f} % of the summed gap, {:.0f} % in the mean over the rows that have one. ",
                       100.0 * gain / gap, 100.0 * closed / static_cast<double>(rows));
  }
  return text + fmt::format("Skipped pairs: {}. Failures: {}.\n", skipped, failed);
}

std::string advantages_table(const std::vector<CaseSummary>& summaries) {
  std::string out = "\n| effect |";
  std::string rule = "|---|";
  std::string rows;
  for (const auto& [over, of] : advantages) {
    if (!was_run(summaries, over) || !was_run(summaries, of)) continue;
    out += fmt::format(" {} over {} |", of, over);
    rule += "---|";
  }
  for (const auto& s : summaries) {
    if (s.find("predict") == nullptr && s.find("refined") == nullptr) continue;
    rows += fmt::format("| {} |", s.name);
    for (const auto& [over, of] : advantages) {
      if (!was_run(summaries, over) || !was_run(summaries, of)) continue;
      const Comparison* comparison = s.find(over, of);
      rows += comparison != nullptr ? fmt::format(" {} |", text_of(comparison->gain)) : " |";
    }
    rows += "\n";
  }
  return rows.empty() || rule == "|---|" ? "" : out + "\n" + rule + "\n" + rows;
}

// Of all knobs of one system, those that it surely finds.
struct KnobCounts {
  std::size_t knobs = 0, followed = 0, nearer = 0;

  void add(const Recovery& recovery) {
    ++knobs;
    followed += recovery.correlation.low > 0.0;
    nearer += recovery.error.high < recovery.middle_error;
  }
  std::string said_of(const std::string& system) const {
    return fmt::format(
        "What {0} finds: {1} of {2} knobs follow the truth (the interval of their correlation lies above 0), {3} come "
        "nearer to it than the middle (the interval of their error lies below the middle's).\n",
        system, followed, knobs, nearer);
  }
};

}  // namespace

std::string to_markdown(const Evaluation& evaluation, const ScoreView& view) {
  return to_markdown(evaluation, summarise(evaluation, view));
}

std::string to_markdown(const Evaluation& evaluation, std::vector<CaseSummary> summaries) {
  if (summaries.size() > evaluation.cases.size()) summaries.pop_back();  // the one over all cases
  return scores_table(evaluation, summaries) + "\n" + closing(summaries) + advantages_table(summaries);
}

std::string knobs_to_markdown(const Evaluation& evaluation) {
  std::string out = "| effect | knob | error of the middle |";
  std::string rule = "|---|---|---|";
  std::vector<std::string> shown;
  for (const char* system : {"predict", "soundalike"}) {
    if (std::ranges::find(evaluation.systems, system) == evaluation.systems.end()) continue;
    shown.emplace_back(system);
    out += fmt::format(" of {} [95 %] | correlation [95 %] |", system);
    rule += "---|---|";
  }
  out += "\n" + rule + "\n";
  std::vector<KnobCounts> counts(shown.size());
  for (std::size_t item = 0; item < evaluation.cases.size(); ++item) {
    const auto found = recoveries(evaluation, item);
    for (const auto& knob : evaluation.cases[item].knobs) {
      std::string cells;
      double middle = 0.0;
      bool any = false;
      for (std::size_t i = 0; i < shown.size(); ++i) {
        const auto at =
            std::ranges::find_if(found, [&](const Recovery& r) { return r.knob == knob && r.system == shown[i]; });
        if (at == found.end()) {
          cells += " | |";
          continue;
        }
        any = true;
        middle = at->middle_error;
        counts[i].add(*at);
        cells += fmt::format(" {:.3f} [{:.3f}, {:.3f}] | {:.2f} [{:.2f}, {:.2f}] |", at->error.mean, at->error.low,
                             at->error.high, at->correlation.mean, at->correlation.low, at->correlation.high);
      }
      if (any) out += fmt::format("| {} | {} | {:.3f} |{}\n", evaluation.cases[item].name, knob, middle, cells);
    }
  }
  for (std::size_t i = 0; i < shown.size(); ++i) out += "\n" + counts[i].said_of(shown[i]);
  return out;
}

}  // namespace soundalike
