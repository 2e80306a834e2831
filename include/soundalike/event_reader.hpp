#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "soundalike/event_file.hpp"

namespace soundalike {

/// A sound or a picture in an event file: where its bytes lie.
struct LoggedMedia {
  std::uint64_t offset = 0;  ///< in the file
  std::uint64_t length = 0;
  double rate = 0.0;         ///< of a sound, Hz; 0: not told
  std::uint64_t frames = 0;  ///< of a sound; 0: not told
  std::uint64_t width = 0;   ///< of a picture
  std::uint64_t height = 0;
};

struct LoggedHistogram {
  double minimum = 0.0, maximum = 0.0, count = 0.0, sum = 0.0;
  std::vector<double> limits;  ///< upper bounds of the buckets
  std::vector<double> counts;  ///< one per bucket
};

using LoggedHyperparameters = std::map<std::string, EventFile::Hyperparameter>;

/// From this step on, what was said before does not count: a run that was taken up again.
struct LoggedRestart {};
/// Something that is understood to be there, but not read: "graph", "tensor of 2 x 3", ...
struct LoggedOther {
  std::string what;
};

enum class LoggedKind { scalar, audio, image, histogram, text, hyperparameters, restart, other };
/// "scalar", "audio", ...
std::string_view to_string(LoggedKind kind);

/// One thing that an event file says.
struct LoggedValue {
  std::string tag;
  std::int64_t step = 0;
  double time = 0.0;  ///< seconds since 1970
  LoggedKind kind = LoggedKind::other;
  std::variant<double, LoggedMedia, LoggedHistogram, std::string, LoggedHyperparameters, LoggedRestart, LoggedOther>
      value;
};

/// Reads a TensorBoard event file, any program's, while it is being written: old-style values and tensors, scalars,
/// sounds, pictures, histograms, texts, hyper-parameters. Both checksums of every record are checked. Nothing is left
/// out without a word: what is damaged or not understood is told as a problem or as `other`.
///
///   EventReader reader("runs/drive/events.out.tfevents.1700000000.host.1.0");
///   while (reader.read([&](const LoggedValue& v) { ... }, 8 << 20)) {}
///   ...                                   // later, when the file has grown: the same again
///
/// A record that is not there whole yet is waited for: the next read() begins with it. A damaged one is skipped where
/// its length can be trusted; else nothing behind it can be found, and reading ends there. Not for two threads at once.
class EventReader {
 public:
  explicit EventReader(std::filesystem::path file) : file_(std::move(file)) {}

  /// Reads at most about so many bytes on. @return whether there is more to read now. @throws Error io.
  bool read(const std::function<void(const LoggedValue&)>& take, std::size_t bytes);

  const std::filesystem::path& file() const { return file_; }
  /// How far whole records go.
  std::uint64_t position() const { return position_; }
  /// Bytes at the end that are not a whole record yet.
  std::uint64_t unfinished() const { return unfinished_; }
  /// "at byte 1234: ..."; the first hundred, then a count.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  void problem(std::uint64_t offset, std::string_view what);

  std::filesystem::path file_;
  std::uint64_t position_ = 0;
  std::uint64_t unfinished_ = 0;
  std::size_t untold_ = 0;
  bool lost_ = false;  // a length is damaged
  std::vector<std::string> problems_;
  std::map<std::string, std::string, std::less<>> plugins_;  // of tags: told with their first value only
};

/// What one record says: `data` of a protocol-buffer Event. Exposed for fuzzing.
/// @param offset of `data` in its file.
/// @param plugins by tag, carried from record to record.
/// @throws Error invalid_argument for what is no Event.
std::vector<LoggedValue> parse_event(std::string_view data, std::uint64_t offset,
                                     std::map<std::string, std::string, std::less<>>& plugins);

}  // namespace soundalike
