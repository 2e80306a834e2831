#include <fmt/format.h>

#include <algorithm>

#include "soundalike/evaluation.hpp"

namespace soundalike {

std::string_view to_string(System system) {
  constexpr std::array names{"dry", "preset", "random", "neighbour", "soundalike", "oracle"};
  return names[static_cast<std::size_t>(system)];
}

std::string to_markdown(const Evaluation& evaluation) {
  const auto summaries = evaluation.summaries();
  std::string out = "| effect | reference made with | pairs |";
  std::string rule = "|---|---|---|";
  for (const System system : systems) {
    out += fmt::format(" {} |", to_string(system));
    rule += "---|";
  }
  out += " gain over dry [95 %] | gap closed | kept dry |\n" + rule + "---|---|---|\n";
  double closed = 0.0;
  double gain = 0.0;
  double gap = 0.0;
  for (const auto& s : summaries) {
    out += fmt::format("| {} | {} | {} |", s.effect, s.maker == s.effect ? "the same" : s.maker, s.pairs);
    for (const auto& interval : s.mrstft) out += fmt::format(" {:.3f} |", interval.mean);
    out += fmt::format(" {:+.3f} [{:+.3f}, {:+.3f}] | {:.0f} % | {} |\n", s.gain.mean, s.gain.low, s.gain.high,
                       100.0 * s.gap_closed, s.kept_dry);
    closed += s.gap_closed / static_cast<double>(summaries.size());
    gain += s.gain.mean;
    gap +=
        s.mrstft[static_cast<std::size_t>(System::dry)].mean - s.mrstft[static_cast<std::size_t>(System::oracle)].mean;
  }
  out +=
      fmt::format("\nGap closed: {:.0f} % of the summed gap, {:.0f} % in the mean over the rows. Skipped pairs: {}.\n",
                  gap != 0.0 ? 100.0 * gain / gap : 0.0, 100.0 * closed, evaluation.skipped_pairs);
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
