#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace soundalike {

/// A file being written in the folder of its final name, without a name of its own until commit() gives it one and
/// renames it into place: a process that is killed leaves nothing behind. Where the file system knows no nameless files
/// it has a hidden name meanwhile, which the destructor removes. A symbolic link is followed: the file it names is
/// replaced, not the link.
///
/// Anything that is not a plain file (a folder, a device, a pipe) is refused, never replaced.
/// Not for use from two threads at once.
class PendingFile {
 public:
  /// @throws Error io when no file can be made in that folder, invalid_argument when the name is taken by a folder, a
  ///         device or a pipe.
  explicit PendingFile(const std::filesystem::path& path);
  ~PendingFile();
  PendingFile(const PendingFile&) = delete;
  PendingFile& operator=(const PendingFile&) = delete;

  int descriptor() const { return descriptor_; }
  /// @throws Error io, naming the path and the system's reason.
  void write(std::span<const std::byte> bytes);
  /// Closes and renames. The data is not forced to the disk (no fsync).
  /// @throws Error io; the old file, if any, is then untouched.
  void commit();
  /// Throws Error(io) for a failed system call on this file.
  [[noreturn]] void fail(int system_error) const;

 private:
  std::filesystem::path name_;    // as the caller gave it, for messages
  std::filesystem::path target_;  // with symbolic links followed
  // Calls `make` with hidden names until one is free. @return what `make` returned: < 0 for a failure told by errno.
  template <typename Make>
  int with_hidden_name(const Make& make);

  std::filesystem::path folder_;
  std::filesystem::path hidden_;  // empty while nameless, and once renamed
  int descriptor_ = -1;
};

/// write(2) until all is written. @return 0, or the errno of the call that failed.
int write_fully(int descriptor, std::span<const std::byte> bytes);

}  // namespace soundalike
