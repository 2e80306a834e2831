#pragma once

#include <filesystem>
#include <string>

#include "soundalike/evaluation_summary.hpp"

namespace soundalike {

/// Tables for docs/results.md: a metric by system, with what ours gains over doing nothing; then, where there are
/// controllers, what predictions gain.
std::string to_markdown(const Evaluation& evaluation, const ScoreView& view = {});
/// The same from what summarise() gave.
std::string to_markdown(const Evaluation& evaluation, std::vector<CaseSummary> summaries);
std::string knobs_to_markdown(const Evaluation& evaluation);
/// One row per number: case, pair, recording, system, metric, levels, value or why there is none.
std::string to_csv(const Evaluation& evaluation);
/// One row per knob that a system set: the truth and what was found.
std::string knobs_to_csv(const Evaluation& evaluation);
/// Summaries and comparisons of every metric, and how well knobs were found.
/// @param summaries of summarise_all().
std::string to_json(const Evaluation& evaluation, const std::vector<ViewSummary>& summaries);

/// Box plots of all systems over all cases of one view, as an SVG file on white. @param cases of summarise().
std::string to_svg(const ScoreView& view, const std::vector<CaseSummary>& cases);

/// Where and when an evaluation was run.
struct ReportOrigin {
  std::string machine;  ///< processor, cores, memory
  std::string commit;   ///< of the program
  std::string time;     ///< when it ended
  std::string command;
};
/// Of this machine, now.
ReportOrigin report_origin(const std::string& command);

/// One HTML page that needs nothing else: tables, box plots, what failed, and of the protocol's examples players and
/// spectrograms, read from the run's audio folder. Dark or light as the reader's system is.
/// @param threads at once; the page does not depend on it.
/// @throws Error io, bad_audio for a missing or damaged example.
std::string to_html(const Evaluation& evaluation, const std::vector<ViewSummary>& summaries, const ReportOrigin& origin,
                    const std::filesystem::path& audio, std::size_t threads = 1);

}  // namespace soundalike
