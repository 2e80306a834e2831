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
};

struct StimuliOptions {
  TrialKind kind = TrialKind::mushra;
  bool hidden_reference = true;  ///< of mushra, as are the anchors
  bool anchor35 = true, anchor70 = true;
  bool align = true;    ///< bring every signal to `lufs`
  double lufs = -23.0;  ///< less where a trial's true peaks would pass -1 dBTP: then all of the trial is quieter
  std::optional<double> seconds;   ///< use only the first; absent: all
  std::vector<std::string> scale;  ///< of likert
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

}  // namespace soundalike
