#pragma once

#include <filesystem>
#include <vector>

namespace soundalike::cli {

/// The files and folders that a command adds one after another: all of them stay, or none does.
///
///   NewFiles files;
///   files.add(path);      // right before it is written
///   write_file(path, text);
///   files.keep();         // everything is there
class NewFiles {
 public:
  NewFiles() = default;
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;
  /// Removes what was added and not kept.
  ~NewFiles();
  /// What is there already is not new: its old content is gone once it is overwritten, so the new one stays, whole.
  void add(const std::filesystem::path& path);
  void keep() { paths_.clear(); }

 private:
  std::vector<std::filesystem::path> paths_;
};

}  // namespace soundalike::cli
