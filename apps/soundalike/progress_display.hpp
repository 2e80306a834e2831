#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>

#include "soundalike/progress.hpp"

namespace soundalike::cli {

/// Shows progress on a file descriptor, in one of three ways:
/// * bar: one line that is rewritten at most ten times a second and wiped at the end,
///     matching  45% |####      | 180/400 [00:04<00:05] distance 0.412
/// * lines: such a line without the bar every five seconds and when a stage ends,
/// * events: {"event":"progress","stage":...,"done":...,"total":...,"seconds":...,"note":...}, at most twice a second
///   and when a stage ends.
/// A stage ends when done reaches total, or another stage begins. Safe to call from several threads.
class ProgressDisplay {
 public:
  enum class Mode { off, bar, lines, events };
  using Clock = std::function<std::chrono::duration<double>()>;

  /// @param clock seconds since any moment; empty: the steady clock.
  ProgressDisplay(Mode mode, int descriptor, Clock clock = {});
  ~ProgressDisplay() { clear(); }
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void update(const ProgressUpdate& update);
  /// Wipes the bar, so that something else can be printed; the next update draws it again.
  void clear();

 private:
  struct Stage {
    std::string name;
    std::size_t done = 0, total = 0;
    std::string note;
    double began = 0.0;
    double shown = -1.0;    // when it was last shown; < 0: never
    bool finished = false;  // its end has been shown
  };

  bool due(double now) const;
  void show(double now);
  std::string line(double now, std::size_t width) const;
  void write_all(const std::string& text) const;

  Mode mode_;
  int descriptor_;
  Clock clock_;
  std::mutex mutex_;
  Stage stage_;
  bool drawn_ = false;  // a bar is on the screen
};

}  // namespace soundalike::cli
