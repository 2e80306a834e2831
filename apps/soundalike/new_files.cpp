#include "new_files.hpp"

#include <system_error>

namespace soundalike::cli {
namespace fs = std::filesystem;

NewFiles::~NewFiles() {
  std::error_code ignored;
  for (const auto& path : paths_) fs::remove_all(path, ignored);
}

void NewFiles::add(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(path, ignored))) paths_.push_back(path);
}

}  // namespace soundalike::cli
