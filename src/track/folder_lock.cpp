#include "track/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "soundalike/error.hpp"

namespace soundalike::track {

FolderLock::FolderLock(const std::filesystem::path& folder) {
  const auto file = folder / ".lock";
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    throw Error(ErrorCode::io,
                fmt::format("cannot write in '{}': {}", folder.string(), std::generic_category().message(errno)));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) == 0) return;
  const int error = errno;
  ::close(descriptor_);
  if (error == EWOULDBLOCK) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot run in '{}': another run is at work there; wait for it or name another folder",
                            folder.string()));
  }
  throw Error(ErrorCode::io,
              fmt::format("cannot lock '{}': {}", folder.string(), std::generic_category().message(error)));
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace soundalike::track
