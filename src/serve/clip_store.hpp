#pragma once

#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soundalike/audio_buffer.hpp"
#include "soundalike/embedded_file.hpp"

namespace soundalike::serve {

/// A recording that the server keeps.
struct Clip {
  std::string id;    ///< follows from the bytes of the file that was sent
  std::string name;  ///< as it was sent; for people
  std::size_t channels = 0;
  SampleRate rate;
  std::size_t frames = 0;
  double lufs = 0.0;           ///< of the whole; -infinity for silence
  bool bundled = false;        ///< comes with the program
  std::filesystem::path file;  ///< WAV, float32
  double seconds() const { return static_cast<double>(frames) / rate.hz; }
};

/// Part of a clip, ready to render.
struct ClipPart {
  AudioBuffer audio;
  double lufs = 0.0;
};

/// The recordings in a folder: <id>.wav and <id>.json each. Safe from many threads.
class ClipStore {
 public:
  static constexpr double longest_seconds = 600.0;

  /// Reads what is there; adds `bundled`. @throws Error io.
  ClipStore(std::filesystem::path folder, std::span<const EmbeddedFile> bundled);

  /// Takes a recording of any format in; the same bytes again are the same clip.
  /// @throws Error as AudioFileReader; bad_audio when it is longer than longest_seconds, without its name on the disk.
  Clip add(const std::filesystem::path& upload, const std::string& name);
  /// Takes in what the server made: audio that is not an upload.
  Clip add(AudioView audio, const std::string& name);

  std::vector<Clip> list() const;
  /// @throws Error not_found.
  Clip find(std::string_view id) const;
  void remove(std::string_view id);

  /// Part of a clip, from a cache of the latest ones. Ends where the clip ends.
  std::shared_ptr<const ClipPart> part(const Clip& clip, std::size_t first, std::size_t frames);

 private:
  Clip keep(const std::string& id, const std::filesystem::path& source, const std::string& name, bool bundled);
  std::filesystem::path file(std::string_view id, std::string_view ending) const;
  void write_about(const Clip& clip) const;

  struct Part {
    std::string key;
    std::shared_ptr<const ClipPart> audio;
  };
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::map<std::string, Clip, std::less<>> clips_;
  std::list<Part> parts_;  // latest first
  std::size_t part_bytes_ = 0;
};

}  // namespace soundalike::serve
