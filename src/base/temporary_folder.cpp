#include "base/temporary_folder.hpp"

#include <stdlib.h>  // mkdtemp

#include <cerrno>
#include <cstring>
#include <string>

#include "soundalike/error.hpp"

namespace soundalike {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder(std::string_view prefix, fs::path parent) {
  std::error_code failure;
  if (parent.empty()) parent = fs::temp_directory_path(failure);
  if (failure) throw Error(ErrorCode::io, "cannot make a temporary folder: $TMPDIR: " + failure.message());
  std::string name = (parent / prefix).string() + "-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorCode::io, "cannot make a folder in '" + parent.string() + "': " + std::strerror(errno));
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace soundalike
