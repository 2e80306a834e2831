#include "match/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

[[noreturn]] void fail(const std::filesystem::path& neighbour) {
  const int reason = errno;
  throw Error(ErrorCode::io, fmt::format("cannot write beside '{}': {}", neighbour.string(), std::strerror(reason)));
}

int open_nameless(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  // Some file systems have no O_TMPFILE: make a named file and take the name away at once.
  std::string name = (folder / ".soundalike-spool-XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

}  // namespace

Spool::Spool(const std::filesystem::path& neighbour, std::size_t channels, SampleRate rate)
    : neighbour_(neighbour), channels_(channels), rate_(rate) {
  const auto folder = neighbour.has_parent_path() ? neighbour.parent_path() : std::filesystem::path(".");
  const int fd = open_nameless(folder);
  if (fd < 0) fail(neighbour_);
  file_.reset(::fdopen(fd, "w+b"));
  if (!file_) fail(neighbour_);
}

void Spool::write(AudioView audio) {
  interleaved_.resize(audio.channels() * audio.frames());
  for (std::size_t c = 0; c < audio.channels(); ++c) {
    const auto from = audio.channel(c);
    for (std::size_t i = 0; i < from.size(); ++i) interleaved_[i * channels_ + c] = from[i];
  }
  if (std::fwrite(interleaved_.data(), sizeof(float), interleaved_.size(), file_.get()) != interleaved_.size()) {
    fail(neighbour_);
  }
}

void Spool::rewind() {
  if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0) fail(neighbour_);
}

AudioBuffer Spool::read(std::size_t frames) {
  interleaved_.resize(frames * channels_);
  const std::size_t got = std::fread(interleaved_.data(), sizeof(float), interleaved_.size(), file_.get()) / channels_;
  if (got < frames && std::ferror(file_.get()) != 0) fail(neighbour_);
  AudioBuffer result(channels_, got, rate_);
  for (std::size_t c = 0; c < channels_; ++c) {
    auto to = result.channel(c);
    for (std::size_t i = 0; i < got; ++i) to[i] = interleaved_[i * channels_ + c];
  }
  return result;
}

}  // namespace soundalike
