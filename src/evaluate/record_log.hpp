#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "soundalike/evaluation.hpp"

namespace soundalike::evaluate {

/// A record as one line of JSON without a line end, and back: every number comes back with the same bits.
std::string to_line(const PairRecord& record);
/// @throws Error invalid_argument for anything that to_line() would not write.
PairRecord parse_line(const std::string& line);

/// The finished pairs of a run in a file of lines: `<16 digits of the line's SHA-256> <JSON>`. A line is on the disk
/// when add() returns; one that was cut off by a crash is dropped when the file is opened, and the pair done again.
///
///   RecordLog log(folder / "records.jsonl");
///   for (const PairRecord& record : log.records()) ...
///   log.add(record);
///
/// One process at a time (the run folder's lock sees to it); not for several threads at once.
class RecordLog {
 public:
  /// @throws Error invalid_argument naming the line that was changed since it was written; io.
  explicit RecordLog(const std::filesystem::path& file);
  ~RecordLog();
  RecordLog(const RecordLog&) = delete;
  RecordLog& operator=(const RecordLog&) = delete;

  /// What was there when it was opened.
  const std::vector<PairRecord>& records() const { return records_; }
  /// @throws Error io, on a full disk for one.
  void add(const PairRecord& record);

 private:
  std::filesystem::path file_;
  std::vector<PairRecord> records_;
  int descriptor_ = -1;
};

}  // namespace soundalike::evaluate
