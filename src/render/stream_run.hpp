#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "render/arena.hpp"
#include "render/control.hpp"
#include "render/farm.hpp"
#include "soundalike/audio_buffer.hpp"
#include "soundalike/effect.hpp"
#include "soundalike/error.hpp"

namespace soundalike::farm {

/// The renderer's side of one stream: fills the input ring and empties the output ring of a worker.
class StreamRun {
 public:
  using Read = std::function<AudioBuffer(std::size_t frames)>;
  using Write = std::function<void(AudioView)>;

  StreamRun(Arena& arena, const RenderSetup& setup, std::string name, std::span<const float> settings);
  ~StreamRun();
  StreamRun(const StreamRun&) = delete;
  StreamRun& operator=(const StreamRun&) = delete;

  /// Returns when the last output was written. @throws Error plugin_failed, cancelled; what read and write throw.
  void work(const Read& read, const Write& write, const std::stop_token& stop);
  /// Makes the worker leave the stream; returns when it has.
  void abandon();

  /// From the farm's thread.
  void bury(const Farm::Death& death);
  void fail(const Error& problem);

 private:
  bool push(const Read& read);
  bool pull(const Write& write);
  void check() const;
  void tell();

  Arena& arena_;
  Control& control_;
  Stream& stream_;
  RenderSetup setup_;
  std::string name_;
  std::size_t chunk_;
  AudioBuffer pending_;  ///< read, but not yet all in the ring
  std::size_t pending_first_ = 0;
  mutable std::mutex mutex_;
  std::optional<Error> lost_;  ///< why the worker is gone
};

}  // namespace soundalike::farm
