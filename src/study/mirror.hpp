#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace soundalike {

/// results.jsonl: what the database holds, one JSON object per line, readable by anything. Lines are only added; after
/// a line that a crash cut off goes on a new one. Callers exclude each other (by the database's transaction).
class Mirror {
 public:
  explicit Mirror(std::filesystem::path file) : file_(std::move(file)) {}
  /// On the disk when it returns.
  /// @param lines each ended by a newline.
  /// @throws Error io.
  void append(std::string_view lines) const;
  /// Leaves the lines that `keeps` says, whole or not at all.
  void filter(const std::function<bool(std::string_view line)>& keeps) const;
  bool exists() const { return std::filesystem::exists(file_); }

 private:
  std::filesystem::path file_;
};

/// Calls `take` with every line of a file that is not empty.
/// @throws Error not_found, io.
void each_line(const std::filesystem::path& file, const std::function<void(std::string_view line)>& take);

}  // namespace soundalike
