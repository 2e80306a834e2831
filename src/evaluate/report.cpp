#include <fmt/format.h>

#include <algorithm>

#include "soundalike/error.hpp"
#include "soundalike/evaluation.hpp"
#include "soundalike/suggest.hpp"

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
  const bool matched = was_run(summaries, System::soundalike);
  out += (matched ? " gain over dry [95 %] | gap closed | kept dry |\n" : "\n") + rule +
         (matched ? "---|---|---|\n" : "\n");
  for (const auto& s : summaries) {
    out += fmt::format("| {} | {} | {} |", s.effect, maker_of(s), s.pairs);
    for (const System system : systems) {
      if (!was_run(summaries, system)) continue;
      const auto& score = s.mrstft[static_cast<std::size_t>(system)];
      out += score ? fmt::format(" {:.3f} |", score->mean) : " |";
    }
    if (matched) {
      out += fmt::format(" {} | {} | {} |", s.gain ? text_of(*s.gain) : "-",
                         s.gap_closed ? fmt::format("{:.0f} %", 100.0 * *s.gap_closed) : "-", s.kept_dry);
    }
    out += "\n";
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

System parse_system(std::string_view name) {
  Words names;
  for (const System system : systems) {
    if (to_string(system) == name) return system;
    names.push_back(to_string(system));
  }
  throw Error(ErrorCode::invalid_argument,
              fmt::format("unknown system '{}'{}; there are: {}", name, did_you_mean(name, names), listing(names)));
}

std::string to_markdown(const Evaluation& evaluation) {
  const auto summaries = evaluation.summaries();
  double closed = 0.0;
  double gain = 0.0;
  double gap = 0.0;
  std::size_t rows = 0;
  for (const auto& s : summaries) {
    if (!s.gap_closed) continue;
    ++rows;
    closed += *s.gap_closed;
    gain += s.gain->mean;
    gap += *s.gap;
  }
  std::string closing;
  if (rows > 0) {
    closing = fmt::format("Gap closed: {:.0f} % of the summed gap, {:.0f} % in the mean over the rows that have one. ",
                          100.0 * gain / gap, 100.0 * closed / static_cast<double>(rows));
  }
  return scores_table(summaries) + fmt::format("\n{}Skipped pairs: {}.\n", closing, evaluation.skipped_pairs) +
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
    const bool matched =
        std::ranges::any_of(evaluation.knobs, [&](const KnobScore& k) { return k.item == c && k.matched; });
    for (const Recovery& r : evaluation.recoveries(c)) {
      out += fmt::format("| {} | {} | {:.3f} | {} | {} | {} | {} |\n", evaluation.cases[c].effect.info.name,
                         r.parameter, r.middle_error, predicted ? text(r.predicted_error) : "",
                         predicted ? fmt::format("{:.2f}", r.predicted_correlation) : "",
                         matched ? text(r.matched_error) : "",
                         matched ? fmt::format("{:.2f}", r.matched_correlation) : "");
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
