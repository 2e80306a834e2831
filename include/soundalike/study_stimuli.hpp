#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/progress.hpp"
#include "soundalike/study_definition.hpp"

namespace soundalike {

/// What one trial is made from: recordings anywhere on the disk.
struct StudyItem {
  std::string id;     ///< letters, digits, - and _
  std::string group;  ///< may be empty
  bool training = false;
  std::filesystem::path reference;
  std::vector<TrialSignal> systems;  ///< condition and file
  std::optional<TrialKind> kind{};   ///< absent: that of the options
  std::string prompt{};              ///< as StudyTrial has it
  std::vector<std::string> scale{};  ///< of likert; empty: that of the options
};

struct StimuliOptions {
  TrialKind kind = TrialKind::mushra;
  bool hidden_reference = true;  ///< of mushra, as are the anchors
  bool anchor35 = true, anchor70 = true;
  bool align = true;    ///< bring every signal to `lufs`
  double lufs = -23.0;  ///< less where a trial's true peaks would pass -1 dBTP: then all of the trial is quieter
  std::optional<double> seconds;           ///< use only the first; absent: all
  std::vector<std::string> scale;          ///< of likert
  std::vector<std::string> extra_anchors;  ///< conditions that are anchors too, such as random settings
};

/// Makes a study's folder: signals aligned in loudness and written as 24-bit WAV of equal length, anchors, study.toml.
///
///   StudyDefinition study = {.name = "overdrive", .attribute = "basic audio quality"};
///   build_study("overdrive-study", study, items, {});
///
/// Anchors are made from the aligned reference and keep its gain. The folder appears when all is there.
/// @param study texts, questions, seed, order; conditions and trials are filled in.
/// @return the study as written.
/// @throws Error invalid_argument when the folder exists, for doubled ids, more than 12 signals with reference and
///         anchors; bad_audio with the numbers for signals of a trial whose rates, lengths or channels differ, for NaN,
///         silence, and less than half a second; unsupported when an anchor cannot be made at that rate.
StudyDefinition build_study(const std::filesystem::path& folder, StudyDefinition study,
                            const std::vector<StudyItem>& items, const StimuliOptions& options,
                            const Progress& progress = {}, const std::stop_token& stop = {});

/// Items from folders of equally named files: `reference`/x.wav, and x.wav in the folder of each condition.
/// @throws Error not_found for a missing folder or a file that some have and others lack, naming both.
std::vector<StudyItem> items_of_folders(const std::filesystem::path& reference,
                                        const std::vector<std::pair<std::string, std::filesystem::path>>& conditions);

/// Items from the examples that an evaluation kept in its run folder: one for each case and pair, with
/// every system of `systems`, or all. Groups are the cases.
/// @param against the file that systems are compared with: "target" is what they were to sound like, "reference" what
/// they
///        were shown.
/// @throws Error not_found when the run kept no audio, or lacks a system.
std::vector<StudyItem> items_of_evaluation(const std::filesystem::path& run, const std::vector<std::string>& systems,
                                           const std::string& against);

/// A study with all texts and the question for headphones or loudspeakers filled in for a kind of trial: a beginning.
StudyDefinition default_study(TrialKind kind);

}  // namespace soundalike
