#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// A recording that could not be read, and why.
struct UnreadableFile {
  std::filesystem::path file;
  std::string reason;
};

struct RecordingStoreOptions {
  SampleRate sample_rate{24000.0};
  std::size_t channels = 1;               ///< 1 or 2
  std::size_t memory_bytes = 1ull << 30;  ///< of decoded audio kept; more saves decoding
  std::filesystem::path cache_folder =
      {};                           ///< decoded audio is kept here too; empty: nowhere. 96 kB per second at 24 kHz mono
  double maximum_seconds = 7200.0;  ///< of a recording; what comes after is not read
  std::function<void(const UnreadableFile&)> on_unreadable =
      {};  ///< once per file, from any thread, one at a time; must not use the store
};

/// Parts of recordings at one rate and channel count, quickly and from many threads: what was decoded and resampled is
/// kept in memory, least recently used going first, and on request in a cache folder, from which parts are read without
/// decoding. Neither changes a sample.
///
///   RecordingStore store({.sample_rate = {24000}, .cache_folder = "cache"});
///   if (auto part = store.read("vocal.flac", 48000, 24000)) use(*part);
///
/// A cached recording is found by path, size and time of change; a file that changes while the store lives is not
/// noticed. A cache folder that cannot be written is an error; a damaged file in it is made again.
class RecordingStore {
 public:
  /// @throws Error invalid_argument for channels or a rate that cannot be; io when the cache folder cannot be made.
  explicit RecordingStore(RecordingStoreOptions options = {});
  ~RecordingStore();
  RecordingStore(const RecordingStore&) = delete;
  RecordingStore& operator=(const RecordingStore&) = delete;

  const RecordingStoreOptions& options() const;
  /// Length at the store's rate; nothing for a file that cannot be read.
  std::optional<std::size_t> frames(const std::filesystem::path& file);
  /// Frames [first, first + count), fewer at the end; nothing for a file that cannot be read.
  std::optional<AudioBuffer> read(const std::filesystem::path& file, std::size_t first, std::size_t count);
  /// Those met so far, by name.
  std::vector<UnreadableFile> unreadable() const;
  /// Decoded audio in memory now, and how often a file was decoded.
  std::size_t memory_used() const;
  std::size_t decoded() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
