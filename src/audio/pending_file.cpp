#include "audio/pending_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "soundalike/error.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

constexpr int max_attempts = 1000;  // names left behind by killed processes with our number

fs::path follow_links(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_symlink(path, ignored)) return path;
  const fs::path real = fs::canonical(path, ignored);
  return ignored ? path : real;
}

}  // namespace

int write_fully(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return 0;
}

PendingFile::PendingFile(const fs::path& path) : name_(path), target_(follow_links(path)) {
  std::error_code ignored;
  const fs::file_status status = fs::status(target_, ignored);
  if (fs::is_directory(status) || !target_.has_filename()) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot write '{}': it is a folder; give the name of a file", name_.string()));
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot write '{}': it is a device or a pipe; give the name of a file", name_.string()));
  }
  const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    hidden_ = folder / fmt::format(".soundalike-{}-{}.part", ::getpid(), attempt);
    descriptor_ = ::open(hidden_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);  // less the user's umask
    if (descriptor_ >= 0 || errno != EEXIST) break;
  }
  if (descriptor_ < 0) {
    const int error = errno;
    if (error == ENOENT) {
      throw Error(ErrorCode::io,
                  fmt::format("cannot write '{}': there is no folder '{}'", name_.string(), folder.string()));
    }
    fail(error);
  }
}

PendingFile::~PendingFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!hidden_.empty()) ::unlink(hidden_.c_str());
}

void PendingFile::write(std::span<const std::byte> bytes) {
  if (const int error = write_fully(descriptor_, bytes)) fail(error);
}

void PendingFile::commit() {
  const int closed = ::close(descriptor_);  // network file systems report a full disk here
  descriptor_ = -1;
  if (closed != 0) fail(errno);
  if (::rename(hidden_.c_str(), target_.c_str()) != 0) fail(errno);
  hidden_.clear();
}

void PendingFile::fail(int system_error) const {
  throw Error(ErrorCode::io,
              fmt::format("cannot write '{}': {}", name_.string(), std::generic_category().message(system_error)));
}

}  // namespace soundalike
