#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "render/arena.hpp"
#include "render/control.hpp"
#include "render/farm.hpp"
#include "soundalike/batch_renderer.hpp"

namespace soundalike::farm {

/// One batch in flight: every job is delivered to `consume` exactly once, by whichever thread is in work().
class BatchRun {
 public:
  /// @param frames of each job's clip.
  /// @param name by which `strikes` knows the effect.
  BatchRun(Arena& arena, RenderSetup setup, std::vector<std::size_t> frames, const BatchRenderer::Consume& consume,
           StrikeList& strikes, std::string name);

  /// Lets the workers begin; the batch in `control` is described already.
  void open();
  /// Delivers jobs until the batch is at rest. `busy` is called when this thread turns to a job and no other waits for
  /// the next one.
  void work(const std::function<void()>& busy);
  /// No job is begun from here on; those not begun are delivered with `outcome`. Safe from any thread, more than once.
  void close(RenderOutcome outcome);
  /// No job is begun and none delivered from here on; error() is this one unless there was one. Safe from any thread.
  void fail(std::exception_ptr error);
  /// No worker begins anything of this batch any more. Once at rest.
  void finish();
  /// Delivers what the dead worker had in hand, or leaves it to its replacement to try again.
  void bury(const Farm::Death& death);
  /// What `consume` threw or fail() was told, if anything, once at rest.
  std::exception_ptr error() const { return error_; }

 private:
  struct Loss {
    std::size_t job;
    RenderOutcome outcome;
  };
  bool take_loss(Loss& loss);
  bool take_unclaimed(std::size_t& job);
  Slot* take_slot(std::size_t& position);
  void read_slot(Slot& slot, std::size_t position);
  std::optional<std::size_t> job_in_hand(std::size_t worker);
  void deliver(std::size_t job, const RenderOutcome& outcome, AudioView audio);
  void finish_one();
  void judge(StrikeList::End end);
  void wake_readers();

  Arena& arena_;
  Control& control_;
  RenderSetup setup_;
  std::vector<std::size_t> frames_;
  const BatchRenderer::Consume& consume_;
  StrikeList& strikes_;
  std::string name_;
  std::unique_ptr<std::atomic<bool>[]> delivered_;
  std::set<std::size_t> tried_again_;  ///< only for the farm's thread
  std::atomic<std::size_t> remaining_;
  std::atomic<std::size_t> unclaimed_next_ = 0;
  std::atomic<std::size_t> unclaimed_end_ = 0;
  RenderOutcome unclaimed_outcome_;
  std::atomic<bool> broken_ = false;  ///< nothing more is told to consume
  std::atomic<std::size_t> scan_ = 0;
  std::mutex mutex_;
  std::deque<Loss> losses_;
  std::exception_ptr error_;
};

}  // namespace soundalike::farm
