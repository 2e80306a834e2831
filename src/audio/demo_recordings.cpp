#include "soundalike/demo_recordings.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

/// A file without a name, gone when it is closed.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(::memfd_create("recording", MFD_CLOEXEC)) {
    if (descriptor_ < 0) fail();
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        const int reason = errno;
        ::close(descriptor_);
        errno = reason;
        fail();
      }
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::filesystem::path path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

 private:
  [[noreturn]] static void fail() {
    throw Error(ErrorCode::io,
                fmt::format("cannot hold a recording in memory: {}", std::generic_category().message(errno)));
  }

  int descriptor_;
};

}  // namespace

AudioBuffer read_demo_recording(std::string_view name) {
  const auto all = demo_recordings();
  const auto found = std::ranges::find(all, name, &EmbeddedFile::name);
  if (found != all.end()) return read_audio(MemoryFile(found->bytes).path());
  std::string known;
  for (const EmbeddedFile& one : all) known += fmt::format("{}{}", known.empty() ? "" : ", ", one.name);
  throw Error(ErrorCode::not_found, fmt::format("no recording '{}' comes with the program; there are {}", name, known));
}

}  // namespace soundalike
