#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "soundalike/effect_library.hpp"
#include "soundalike/strike_list.hpp"

namespace soundalike {

/// How a render ended. Only `ok` and `silent` carry audio; nothing else is ever passed on as sound.
enum class RenderStatus {
  ok,
  silent,      ///< all samples below -120 dBFS although the input was not
  not_finite,  ///< NaN or infinity in the output
  runaway,     ///< peak above the limit (+40 dBFS unless set otherwise)
  crashed,     ///< the worker died; it has been replaced
  timed_out,   ///< the deadline passed; the worker was killed and replaced
  failed,      ///< the plugin refused: no instance, missing feature; or it was given up, see StrikeList
  cancelled,   ///< stopped before it was rendered
};
std::string_view to_string(RenderStatus status);

struct RenderOutcome {
  RenderStatus status = RenderStatus::cancelled;
  float peak = 0.0f;            ///< largest |sample| of the raw output
  float plugin_seconds = 0.0f;  ///< processor time of the plugin and its threads: instance, run, clean-up; 0 if lost
  float wall_seconds = 0.0f;    ///< the same by the clock on the wall, with what it waited for a core
  std::string message;          ///< for people; empty when ok
  bool usable() const { return status == RenderStatus::ok || status == RenderStatus::silent; }
};

/// The audio of a render with how it ended.
struct RenderResult {
  RenderOutcome outcome;
  AudioBuffer audio;  ///< empty unless outcome.usable()
};

struct RendererOptions {
  std::size_t workers = 0;         ///< 0: one per core
  double deadline_seconds = 20.0;  ///< per render, on top of twice the clip's own length
  float peak_limit = 100.0f;       ///< |sample| above this is runaway
  /// Each render in a copy of its worker that has made no instance before, 1 ms dearer; for plugins whose instances
  /// leave traces in the process. Absent: for effects that are known to do so.
  std::optional<bool> isolate;
  /// Plugins get no network, may write no file and reach no other process, as far as the kernel can see to it. A plugin
  /// that tries is told that it has no permission.
  bool sandbox = true;
  std::size_t memory_bytes = std::size_t{2} << 30;  ///< private memory of a worker, beyond it allocation fails; 0: any
  /// Effects given up because they crash or hang too often; shared by the renderers of a run. Absent: one of its own.
  std::shared_ptr<StrikeList> strikes{};
  std::optional<std::string> worker_program;  ///< absent: soundalike-worker beside this program, or $SOUNDALIKE_WORKER
};

/// Renders many (clip, settings) pairs through one effect or chain on all cores.
///
/// Persistent single-threaded worker processes share one memory region with the caller: clips stay resident, a batch
/// of jobs costs one wake-up, outputs are read in place. Workers start with the environment that makes a render pure
/// (zero-filled heap, seeded rand(), flush-to-zero) and build a fresh plugin instance for every job, so results do not
/// depend on the number of workers or the order. A worker that dies or hangs costs its one render and is replaced.
/// Where it may have died of something else, killed from outside or by what an earlier render did to its memory, the
/// render is tried once more. An effect that hangs or crashes time after time is given up: the rest of its renders fail
/// at once.
///
///   BatchRenderer renderer({library.find("mda Delay")}, {SampleRate{24000}, 1});
///   auto clip = renderer.add_clip(dry);
///   auto results = renderer.render({{clip, settings_a}, {clip, settings_b}});
///
/// One thread calls; `consume` runs on up to `workers` threads.
class BatchRenderer {
 public:
  using ClipId = std::size_t;
  struct Job {
    ClipId clip = 0;
    std::span<const float> settings;  ///< one per parameters(); read during the call only
  };
  /// Called once per job as it finishes, in any order, from several threads at once. `audio` is [setup.channels x the
  /// clip's frames], latency removed; valid during the call; empty unless usable.
  using Consume = std::function<void(std::size_t job, const RenderOutcome& outcome, AudioView audio)>;

  /// @throws Error invalid_argument, plugin_failed when the effect cannot be opened in a worker, io when the worker
  ///         program cannot be started.
  BatchRenderer(std::vector<EffectListing> chain, const RenderSetup& setup, const RendererOptions& options = {});
  ~BatchRenderer();
  BatchRenderer(BatchRenderer&&) noexcept;
  BatchRenderer& operator=(BatchRenderer&&) noexcept;

  std::span<const Parameter> parameters() const;
  const RenderSetup& setup() const;
  std::size_t workers() const;
  /// What keeps plugins from the network, from files and from the rest of the machine: "seccomp, landlock 7, 2 GiB of
  /// memory", or "none". Depends on the kernel; nothing of it needs privileges.
  std::string sandbox() const;

  /// Copies the clip into shared memory. @throws Error invalid_argument for another rate or channel count.
  ClipId add_clip(AudioView clip);
  void remove_clip(ClipId clip);

  /// Renders all jobs. Returns when every job was consumed; jobs not begun when `stop` is requested are consumed as
  /// `cancelled`. An exception from `consume` is rethrown after the batch has come to rest. @throws Error io when all
  /// workers are gone and the worker program cannot be started any more; jobs not consumed by then are not.
  void render(std::span<const Job> jobs, const Consume& consume, const std::stop_token& stop = {});
  /// The same, with copies of the audio, in job order.
  std::vector<RenderResult> render(std::span<const Job> jobs, const std::stop_token& stop = {});

  /// Renders a recording of any length in bounded memory: pulls blocks from `read` (empty = end), pushes blocks to
  /// `write`; output is as long as the input, latency removed. @throws Error plugin_failed for NaN, runaway peaks, a
  /// crash or a hang; cancelled.
  void stream(const std::function<AudioBuffer(std::size_t frames)>& read, const std::function<void(AudioView)>& write,
              std::span<const float> settings, const std::stop_token& stop = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace soundalike
