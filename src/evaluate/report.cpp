#include <fmt/format.h>

#include <algorithm>

#include "soundalike/evaluation.hpp"

namespace soundalike {
namespace {

std::string text_of(const Interval& interval) {
  return fmt::format("{:+.3f} [{:+.3f}, {:+.3f}]", interval.mean, interval.low, interval.high);
}

std::string maker_of(const CaseSummary& summary) {
  return summary.maker == summary.effect ? "the same" : summary.maker;
}

bool was_run(const std::vector<CaseSummary>& summaries, System system) {
  return std::ranges::any_of(
      summaries, [&](const CaseSummary& s) { return s.mrstft[static_cast<std::size_t>(system)].has_value(); });
}

std::string scores_table(const std::vector<CaseSummary>& summaries) {
  std::string out = "| effect | reference made with | pairs |";
  std::string rule = "|---|---|---|";
  for (const System system : systems) {
    if (!was_run(summaries, system)) continue;
    out += fmt::format(" {} |", to_string(system));
    rule += "---|";
  }
  out += " gain over dry [95 %] | gap closed | kept dry |\n" + rule + "---|---|---|\n";
  for (const auto& s : summaries) {
    out += fmt::format("| {} | {} | {} |", s.effect, maker_of(s), s.pairs);
    for (const System system : systems) {
      if (!was_run(summaries, system)) continue;
      const auto& score = s.mrstft[static_cast<std::size_t>(system)];
      out += score ? fmt::format(" {:.3f} |", score->mean) : " |";
    }
    out += fmt::format(" {} | {:.0f} % | {} |\n", text_of(s.gain), 100.0 * s.gap_closed, s.kept_dry);
  }
  return out;
}

// What predictions gain; empty when nothing was predicted.
std::string advantages_table(const std::vector<CaseSummary>& summaries) {
  const auto any = std::ranges::find_if(summaries, [](const CaseSummary& s) { return !s.advantages.empty(); });
  if (any == summaries.end()) return "";
  std::string out = "\n| effect |";
  std::string rule = "|---|";
  for (const Advantage& advantage : any->advantages) {
    out += fmt::format(" {} over {} |", to_string(advantage.of), to_string(advantage.over));
    rule += "---|";
  }
  out += "\n" + rule + "\n";
  for (const auto& s : summaries) {
    if (s.advantages.empty()) continue;
    out += fmt::format("| {} |", s.effect);
    for (const Advantage& advantage : s.advantages) out += fmt::format(" {} |", text_of(advantage.gain));
    out += "\n";
  }
  return out;
}

}  // namespace

std::string_view to_string(System system) {
  constexpr std::array names{"dry",     "preset",  "middle",     "random", "neighbour",
                             "predict", "refined", "soundalike", "oracle"};
  return names[static_cast<std::size_t>(system)];
}

std::string to_markdown(const Evaluation& evaluation) {
  const auto summaries = evaluation.summaries();
  double closed = 0.0;
  double gain = 0.0;
  double gap = 0.0;
  for (const auto& s : summaries) {
    if (s.pairs == 0) continue;
    closed += s.gap_closed / static_cast<double>(summaries.size());
    gain += s.gain.mean;
    gap += s.mrstft[static_cast<std::size_t>(System::dry)]->mean -
           s.mrstft[static_cast<std::size_t>(System::oracle)]->mean;
  }
  return scores_table(summaries) +
         fmt::format(
             "\nGap closed: {:.0f} % of the summed gap, {:.0f} % in the mean over the rows. Skipped pairs: {}.\n",
             gap != 0.0 ? 100.0 * gain / gap : 0.0, 100.0 * closed, evaluation.skipped_pairs) +
         advantages_table(summaries);
}

std::string knobs_to_markdown(const Evaluation& evaluation) {
  std::string out =
      "| effect | knob | error of the middle | of the prediction [95 %] | correlation | of the match [95 %] | "
      "correlation |\n|---|---|---|---|---|---|---|\n";
  const auto text = [](const Interval& error) {
    return fmt::format("{:.3f} [{:.3f}, {:.3f}]", error.mean, error.low, error.high);
  };
  for (std::size_t c = 0; c < evaluation.cases.size(); ++c) {
    const bool predicted =
        std::ranges::any_of(evaluation.knobs, [&](const KnobScore& k) { return k.item == c && k.predicted; });
    for (const Recovery& r : evaluation.recoveries(c)) {
      out += fmt::format("| {} | {} | {:.3f} | {} | {} | {} | {:.2f} |\n", evaluation.cases[c].effect.info.name,
                         r.parameter, r.middle_error, predicted ? text(r.predicted_error) : "",
                         predicted ? fmt::format("{:.2f}", r.predicted_correlation) : "", text(r.matched_error),
                         r.matched_correlation);
    }
  }
  return out;
}

std::string to_csv(const Evaluation& evaluation) {
  std::string out = "effect,maker,pair,recording,system,mrstft,mrstft_raw,mrstft_original,distance,kept_dry\n";
  for (const Score& s : evaluation.scores) {
    const auto& item = evaluation.cases[s.item];
    out += fmt::format("{},{},{},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{}\n", item.effect.info.id, item.maker.info.id,
                       s.pair, s.recording, to_string(s.system), s.mrstft, s.mrstft_raw, s.mrstft_original, s.distance,
                       s.kept_dry ? 1 : 0);
  }
  return out;
}

}  // namespace soundalike
