#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/effect_library.hpp"
#include "soundalike/metric.hpp"
#include "soundalike/progress.hpp"
#include "soundalike/protocol.hpp"

namespace soundalike {

/// How near one system came on one pair.
struct SystemRecord {
  std::string system;
  std::string failure;    ///< why there is no output; empty when there is one
  bool kept_dry = false;  ///< it chose to do nothing
  double distance = 0.0;  ///< style distance of the output to the reference
  /// By metric, in the order of metric_names(): of the output as it is, and brought to the target's RMS.
  std::vector<MetricValue> raw, matched;
  std::vector<float> knobs;      ///< the settings it chose, one per free knob; empty where it has none
  std::vector<float> embedding;  ///< of the output; empty without an encoder
};

/// One pair of one case.
struct PairRecord {
  std::size_t item = 0;  ///< index into the cases
  std::size_t pair = 0;
  std::string recording;         ///< file name
  std::string group;             ///< recordings that belong together: the unit of the statistics
  std::string models;            ///< as EvaluationCase::models
  std::string skipped;           ///< why there is nothing to match: the maker failed, or made silence
  std::vector<float> truth;      ///< the maker's settings, one per free knob; empty where they mean nothing
  std::vector<float> embedding;  ///< of the target
  std::vector<SystemRecord> systems;
};

/// Where the time went: seconds summed over threads, which together are what they had, wall_seconds x threads.
struct EvaluationTimes {
  /// `planning`: looking through the recordings before the first pair; `report`: statistics, pictures and files after
  /// the last; `idle`: threads that found no pair left while others still had one.
  enum Part { renders, networks, measures, outside, search, starting, reading, planning, report, idle, other };
  static constexpr std::array names{"renders", "networks", "measures", "outside programs",
                                    "search",  "starting", "reading",  "planning",
                                    "report",  "idle",     "other"};
  std::array<double, names.size()> seconds{};
  double wall_seconds = 0.0;
  std::size_t threads = 0;
  void add(const EvaluationTimes& more);
  /// All threads were kept for `seconds` by one part.
  void add(Part part, double seconds);
  /// Share of all time that is spent in renders, networks, measures (FFTs) and outside programs.
  double useful_share() const;
  /// One line for people.
  std::string text() const;
};

/// A case with its effects found.
struct EvaluationCase {
  std::string name;
  std::vector<EffectListing> effect;
  std::vector<EffectListing> maker;  ///< empty where processed recordings are given
  std::vector<std::string> knobs;    ///< ids of the effect's free knobs
  std::string models;  ///< what it is judged with: the first digits of the controller's and the encoder's digests
  bool same() const;   ///< the maker is the effect itself
  std::string made_with() const;  ///< "the same", its name, or "real" for processed recordings
};

struct Evaluation {
  Protocol protocol;
  std::vector<std::string> systems, metrics;
  std::vector<EvaluationCase> cases;
  std::vector<PairRecord> records;  ///< by case, then pair
  EvaluationTimes times;
  bool stopped = false;
};

/// All audio of one pair: "input", "reference", "target" and the outputs by system.
using PairAudio = std::vector<std::pair<std::string, AudioBuffer>>;
/// "007": how files and folders of a pair are called.
std::string pair_name(std::size_t pair);

struct EvaluateOptions {
  std::size_t threads = 0;  ///< pairs worked on at once, each with one render worker; 0: one per core
  RendererOptions renderer;
  /// Of an earlier run: taken as they are, but for those of other models, which are done again.
  std::vector<PairRecord> finished;
  /// Called with each finished pair, one at a time, from any thread. The audio is there for the protocol's examples.
  std::function<void(const EvaluationCase&, const PairRecord&, const PairAudio&)> keep;
  /// Told before the first pair what of the protocol cannot be done here: a phrase for people.
  std::function<void(const std::string&)> remark;
};

/// Threads that an evaluation has: those asked for, or one per core.
std::size_t thread_count(const EvaluateOptions& options);

/// Measures the systems of a protocol on recordings that nobody fitted on.
///
/// Each recording's input is brought to the level that the effects expect; the maker with random settings of its free
/// knobs makes the true target from it, and the reference from other content. A system gets input and reference, the
/// oracle the target too. Numbers do not depend on the threads, or on which other systems are run.
/// @throws Error as Corpus, EffectLibrary::find(), BatchRenderer; invalid_argument for recordings that were heard in
///         training, naming one. What fails on single pairs is recorded there.
Evaluation evaluate_protocol(const Protocol& protocol, const EffectLibrary& library,
                             const EvaluateOptions& options = {}, const Progress& progress = {},
                             const std::stop_token& stop = {});

/// The same in a folder that remembers: each finished pair is on the disk before the next one counts, so a run that was
/// stopped or killed goes on where it was and ends with the same bytes. Pairs of a case whose models were exchanged
/// since are done again. Writes records.jsonl as it goes and
/// results.csv, knobs.csv, results.json and report.html at the end (docs/formats.md).
/// @throws Error as evaluate_protocol(); invalid_argument when the folder holds a run of another protocol, or was
/// edited.
Evaluation run_evaluation(const Protocol& protocol, const std::filesystem::path& folder, const EffectLibrary& library,
                          const EvaluateOptions& options, const std::string& command, const Progress& progress = {},
                          const std::stop_token& stop = {});

}  // namespace soundalike
