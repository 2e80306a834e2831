#include "soundalike/event_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "soundalike/error.hpp"
#include "track/masked_crc.hpp"
#include "track/summary.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;
using track::Message;

constexpr std::size_t buffered_bytes = 64 * 1024;

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string record(std::string_view data) {
  std::string bytes;
  track::append_little_endian(bytes, static_cast<std::uint64_t>(data.size()));
  track::append_little_endian(bytes, track::masked(crc32c(bytes)));
  bytes += data;
  track::append_little_endian(bytes, track::masked(crc32c(data)));
  return bytes;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "host";
  return name.data();
}

}  // namespace

struct EventFile::State {
  fs::path path;
  int descriptor = -1;
  std::string pending;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (descriptor < 0) return;
    try {
      flush();
    } catch (const Error&) {
      // A full disk was told by the flush before; a destructor cannot tell.
    }
    ::close(descriptor);
  }

  void open(const fs::path& folder) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    const auto seconds = static_cast<long long>(now_seconds());
    for (int n = 0; descriptor < 0; ++n) {
      path = folder / fmt::format("events.out.tfevents.{:010}.{}.{}.{}", seconds, host_name(), ::getpid(), n);
      descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
      if (descriptor < 0 && errno != EEXIST) fail("cannot create", errno);
    }
  }
  [[noreturn]] void fail(const char* what, int error) const {
    throw Error(ErrorCode::io, fmt::format("{} '{}': {}", what, path.string(), std::generic_category().message(error)));
  }
  void add(const Message& event) {
    pending += record(event.text());
    if (pending.size() >= buffered_bytes) flush();
  }
  void add_value(std::int64_t step, const Message& value) {
    add(Message().number(1, now_seconds()).integer(2, step).message(5, Message().message(1, value)));
  }
  void flush() {
    const off_t before = ::lseek(descriptor, 0, SEEK_END);
    std::string_view rest = pending;
    while (!rest.empty()) {
      const ssize_t written = ::write(descriptor, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        const int error = errno;
        // No half record stays: a later flush, with room again, goes on behind whole ones.
        if (before >= 0 && ::ftruncate(descriptor, before) != 0) fail("cannot mend", errno);
        fail("cannot write", error);
      }
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    pending.clear();
  }
};

EventFile::EventFile(const fs::path& folder, std::int64_t first_step) : state_(std::make_unique<State>()) {
  state_->open(folder);
  state_->add(Message().number(1, now_seconds()).bytes(3, "brain.Event:2"));
  if (first_step > 0) {  // SessionLog{status = START}: forget what earlier files say from this step on
    state_->add(Message().number(1, now_seconds()).integer(2, first_step).message(7, Message().integer(1, 1)));
  }
  state_->flush();
}
EventFile::~EventFile() = default;
EventFile::EventFile(EventFile&&) noexcept = default;
EventFile& EventFile::operator=(EventFile&&) noexcept = default;

const fs::path& EventFile::path() const { return state_->path; }

void EventFile::scalar(std::string_view tag, std::int64_t step, double value) {
  state_->add_value(step, Message().bytes(1, tag).number(2, static_cast<float>(value)));
}
void EventFile::histogram(std::string_view tag, std::int64_t step, std::span<const float> values, std::size_t buckets) {
  state_->add_value(step, Message().bytes(1, tag).message(5, track::histogram_message(values, buckets)));
}
void EventFile::audio(std::string_view tag, std::int64_t step, AudioView audio) {
  state_->add_value(step, Message().bytes(1, tag).message(6, track::audio_message(audio)));
}
void EventFile::picture(std::string_view tag, std::int64_t step, std::string_view png) {
  state_->add_value(step, Message().bytes(1, tag).message(4, track::image_message(png)));
}
void EventFile::hyperparameters(const std::map<std::string, Hyperparameter>& values, std::string_view group) {
  state_->add_value(0, track::session_start_value(values, group, now_seconds()));
}
void EventFile::finished(bool success) {
  state_->add_value(0, track::session_end_value(success, now_seconds()));
  flush();
}
void EventFile::flush() { state_->flush(); }

}  // namespace soundalike
