#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "audio/pending_file.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

bool is_device_or_pipe(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

// /dev/stdout, /dev/null, a named pipe: nothing to keep whole, and renaming over them would destroy them.
void write_through(const fs::path& path, std::span<const std::string_view> pieces) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  int error = descriptor < 0 ? errno : 0;
  for (const auto piece : pieces) {
    if (error == 0) error = write_fully(descriptor, std::as_bytes(std::span(piece)));
  }
  if (descriptor >= 0 && ::close(descriptor) != 0 && error == 0) error = errno;
  if (error != 0) {
    throw Error(ErrorCode::io,
                fmt::format("cannot write '{}': {}", path.string(), std::generic_category().message(error)));
  }
}

}  // namespace

void check_writable(const fs::path& path) {
  if (!is_device_or_pipe(path)) PendingFile{path};
}

void write_file(const fs::path& path, std::string_view content) { write_file(path, std::span(&content, 1)); }

void write_file(const fs::path& path, std::span<const std::string_view> pieces) {
  if (is_device_or_pipe(path)) return write_through(path, pieces);
  PendingFile file(path);
  for (const auto piece : pieces) file.write(std::as_bytes(std::span(piece)));
  file.commit();
}

}  // namespace soundalike
