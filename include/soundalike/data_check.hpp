#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/manifest.hpp"
#include "soundalike/progress.hpp"
#include "soundalike/recording_store.hpp"

namespace soundalike {

struct DataCheckOptions {
  double minimum_seconds = 1.0;  ///< shorter recordings are short
  double silence_db = -60.0;     ///< with an RMS below this (dBFS) they are silent
  std::size_t workers = 0;       ///< threads; 0: one per core
  Progress progress = {};        ///< from any thread, one call at a time
  std::stop_token stop = {};
};

/// What there is of one split.
struct SplitSummary {
  std::size_t recordings = 0, groups = 0;
  double seconds = 0.0;
};

/// What a folder of recordings holds, before hours are spent on it.
struct DataCheck {
  std::size_t files = 0;
  double seconds = 0.0;                         ///< of the files that can be read
  std::map<double, std::size_t> rates;          ///< files by sample rate in Hz
  std::map<std::size_t, std::size_t> channels;  ///< files by channels
  std::vector<UnreadableFile> unreadable;
  std::vector<std::filesystem::path> too_short, silent;        ///< both at once: too short
  std::vector<std::vector<std::filesystem::path>> duplicates;  ///< files of the same bytes, two or more each
  std::vector<std::vector<std::filesystem::path>> leaks;       ///< those of them that are in more than one split
  std::map<Split, SplitSummary> splits;
  std::optional<std::string> manifest;          ///< its digest; absent: the folder has none, splits are by split_of()
  std::vector<std::string> missing, changed;    ///< of the manifest: not there, or of other bytes
  std::vector<std::filesystem::path> unlisted;  ///< there, but not in the manifest

  /// Files that can be read and are neither short nor silent.
  std::size_t usable() const { return files - unreadable.size() - too_short.size() - silent.size(); }
};

/// Reads every recording below a folder, whole.
/// @throws Error as Corpus and read_manifest; cancelled.
DataCheck check_data(const std::filesystem::path& folder, const DataCheckOptions& options = {});

/// @throws Error invalid_argument in one line when nothing in the folder can be used, saying why.
void require_usable(const DataCheck& check, const std::filesystem::path& folder, const DataCheckOptions& options = {});

}  // namespace soundalike
