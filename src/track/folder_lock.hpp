#pragma once

#include <filesystem>

namespace soundalike::track {

/// Holds a folder for this process, by a lock on a hidden file that the system takes away when the process ends.
class FolderLock {
 public:
  /// @throws Error invalid_argument when another process holds it; io.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace soundalike::track
