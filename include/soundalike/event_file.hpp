#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "soundalike/audio_buffer.hpp"

namespace soundalike {

/// Writes a TensorBoard event file: curves, histograms, sounds, pictures and hyper-parameters of a run, by step.
///
///   EventFile events("runs/drive");            // runs/drive/events.out.tfevents.<seconds>.<host>.<pid>
///   events.scalar("loss/train", step, 0.41);
///   events.audio("prediction", step, output);
///   events.flush();                            // readers see whole records only
///
/// Opened by TensorBoard (`tensorboard --logdir runs --samples_per_plugin audio=100,images=100`) and whatever else
/// reads its files; sounds are 16-bit WAV, pictures PNG, because those are all that every reader knows. A record is
///   u64 length | u32 masked CRC-32C of length | data | u32 masked CRC-32C of data       (little-endian)
/// and data a protocol-buffer message `Event`, written here by hand.
///
/// Steps should not decrease within a tag. Not for use from two threads at once.
class EventFile {
 public:
  /// Makes the folder if need be, and a new file in it.
  /// @param first_step where a resumed run goes on: readers drop what an earlier file of the folder says of this step
  ///        and later ones. 0: a new run.
  /// @throws Error io.
  explicit EventFile(const std::filesystem::path& folder, std::int64_t first_step = 0);
  ~EventFile();  ///< what is not yet flushed is, if it can be
  EventFile(EventFile&&) noexcept;
  EventFile& operator=(EventFile&&) noexcept;

  const std::filesystem::path& path() const;

  void scalar(std::string_view tag, std::int64_t step, double value);
  /// At most `buckets` equal buckets from the least to the greatest value. Values that are not finite are left out.
  void histogram(std::string_view tag, std::int64_t step, std::span<const float> values, std::size_t buckets = 30);
  /// Samples beyond +-1 are clipped. @throws Error invalid_argument for no frames.
  void audio(std::string_view tag, std::int64_t step, AudioView audio);
  /// @param png the bytes of a PNG file. @throws Error invalid_argument for something else.
  void picture(std::string_view tag, std::int64_t step, std::string_view png);

  using Hyperparameter = std::variant<bool, double, std::string>;
  /// Once, at the start: what the run was told, for the table that compares runs.
  void hyperparameters(const std::map<std::string, Hyperparameter>& values, std::string_view group = {});
  /// Once, at the end.
  void finished(bool success);

  /// Writes what has been gathered. Done by itself every 64 KiB.
  /// @throws Error io (full disk): what was on the disk stays readable.
  void flush();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// CRC-32C (Castagnoli; RFC 3720, B.4) of bytes: 0xe3069283 for "123456789".
std::uint32_t crc32c(std::string_view bytes);

}  // namespace soundalike
