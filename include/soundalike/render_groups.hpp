#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "soundalike/batch_renderer.hpp"

namespace soundalike {

/// Renders of a batch that belong together, such as a target and what is compared with it: each group is handed over as
/// soon as its last render is there, so that no audio is kept longer and no comparison waits for the batch.
///
///   RenderGroups groups(sizes, [&](std::size_t group, std::span<const RenderResult> renders) { ... });
///   renderer.render(jobs, groups.consumer(), stop);
class RenderGroups {
 public:
  /// Called once per group, on the thread that took its last render, for several groups at once; `renders` in the order
  /// of the jobs, with what failed among them; valid during the call.
  using Complete = std::function<void(std::size_t group, std::span<const RenderResult> renders)>;

  /// @param sizes jobs come group after group, sizes[g] of each; a group of 0 is never handed over.
  RenderGroups(std::span<const std::size_t> sizes, Complete complete);
  /// Takes one render of each job. Safe from many threads.
  void take(std::size_t job, const RenderOutcome& outcome, AudioView audio);
  /// take() as the renderer wants it; valid as long as the groups live.
  BatchRenderer::Consume consumer();

 private:
  struct Group {
    std::size_t first = 0;
    std::size_t size = 0;
    std::atomic<std::size_t> missing;
  };
  std::vector<std::size_t> group_of_;  // per job
  std::unique_ptr<Group[]> groups_;
  std::vector<RenderResult> results_;  // per job; empty before and after
  Complete complete_;
};

}  // namespace soundalike
