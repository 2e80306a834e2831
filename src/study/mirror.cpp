#include "study/mirror.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& file) : file_(file) {
    descriptor_ = ::open(file.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor_ < 0) fail();
  }
  ~Descriptor() { ::close(descriptor_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool ends_within_a_line() const {
    const off_t size = ::lseek(descriptor_, 0, SEEK_END);
    char last = '\n';
    return size > 0 && ::pread(descriptor_, &last, 1, size - 1) == 1 && last != '\n';
  }
  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void synchronise() const {
    if (::fdatasync(descriptor_) != 0) fail();
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(ErrorCode::io,
                fmt::format("cannot write '{}': {}", file_.string(), std::generic_category().message(errno)));
  }
  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace

void Mirror::append(std::string_view lines) const {
  const Descriptor descriptor(file_);
  if (descriptor.ends_within_a_line()) descriptor.write("\n");
  descriptor.write(lines);
  descriptor.synchronise();
}

void Mirror::filter(const std::function<bool(std::string_view)>& keeps) const {
  if (!exists()) return;
  std::string kept;
  each_line(file_, [&](std::string_view line) {
    if (keeps(line)) kept.append(line).append("\n");
  });
  write_file(file_, kept);
}

void each_line(const std::filesystem::path& file, const std::function<void(std::string_view)>& take) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    const bool there = std::filesystem::exists(file);
    throw Error(there ? ErrorCode::io : ErrorCode::not_found,
                fmt::format("cannot read '{}': {}", file.string(), there ? "no permission" : "no such file"));
  }
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) take(line);
  }
}

}  // namespace soundalike
