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

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

std::string link_to(int descriptor) { return fmt::format("/proc/self/fd/{}", descriptor); }

// A file without a name that commit() will be able to name; -1 where that cannot be done.
int open_nameless(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);  // less the user's umask
  if (descriptor < 0 || ::access(link_to(descriptor).c_str(), F_OK) == 0) return descriptor;
  ::close(descriptor);
  return -1;
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

template <typename Make>
int PendingFile::with_hidden_name(const Make& make) {
  int result = -1;
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    hidden_ = folder_ / fmt::format(".soundalike-{}-{}.part", ::getpid(), attempt);
    result = make(hidden_.c_str());
    if (result >= 0 || errno != EEXIST) break;
  }
  if (result < 0) hidden_.clear();
  return result;
}

PendingFile::PendingFile(const fs::path& path) : name_(path), target_(follow_links(path)), folder_(folder_of(target_)) {
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
  descriptor_ = open_nameless(folder_);
  if (descriptor_ >= 0) return;
  descriptor_ =
      with_hidden_name([](const char* hidden) { return ::open(hidden, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666); });
  if (descriptor_ < 0) {
    const int error = errno;
    if (error == ENOENT) {
      throw Error(ErrorCode::io,
                  fmt::format("cannot write '{}': there is no folder '{}'", name_.string(), folder_.string()));
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
  if (hidden_.empty()) {
    const std::string nameless = link_to(descriptor_);
    const auto name_it = [&](const char* hidden) {
      return ::linkat(AT_FDCWD, nameless.c_str(), AT_FDCWD, hidden, AT_SYMLINK_FOLLOW);
    };
    if (with_hidden_name(name_it) < 0) fail(errno);
  }
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
