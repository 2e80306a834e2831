#include "soundalike/render_groups.hpp"

#include <doctest/doctest.h>

#include <map>
#include <mutex>

#include "render/rig.hpp"

using namespace rig;

namespace {

/// What was handed over, by group.
struct Handed {
  std::mutex mutex;
  std::map<std::size_t, std::vector<RenderResult>> groups;
  RenderGroups::Complete complete() {
    return [this](std::size_t group, std::span<const RenderResult> renders) {
      const std::lock_guard lock(mutex);
      CHECK_MESSAGE(!groups.contains(group), "group " << group << " came twice");
      groups[group].assign(renders.begin(), renders.end());
    };
  }
};

}  // namespace

TEST_CASE("each_group_comes_once_with_its_renders_in_order") {
  const auto listing = find("MDA Overdrive");
  if (!listing) return;
  for (const std::size_t workers : {1u, 4u}) {
    BatchRenderer renderer({*listing}, mono, {.workers = workers});
    const auto clip = renderer.add_clip(noise(4000, 1, mono));
    Rng rng(3);
    std::vector<std::vector<float>> settings(24);
    std::vector<BatchRenderer::Job> jobs;
    for (auto& of_one : settings) {
      for (std::size_t p = 0; p < renderer.parameters().size(); ++p) {
        of_one.push_back(static_cast<float>(rng.uniform()));
      }
      jobs.push_back({clip, of_one});
    }
    const auto wanted = renderer.render(jobs);

    const std::vector<std::size_t> sizes{1, 3, 0, 8, 2, 10};
    Handed handed;
    RenderGroups groups(sizes, handed.complete());
    renderer.render(jobs, groups.consumer());
    CHECK(handed.groups.size() == 5);
    for (std::size_t g = 0, job = 0; g < sizes.size(); job += sizes[g], ++g) {
      CAPTURE(g);
      REQUIRE(handed.groups[g].size() == sizes[g]);
      for (std::size_t i = 0; i < sizes[g]; ++i) CHECK(handed.groups[g][i].audio == wanted[job + i].audio);
    }
  }
}

TEST_CASE("what_was_not_rendered_is_handed_over_as_such") {
  const auto listing = find("MDA Overdrive");
  if (!listing) return;
  BatchRenderer renderer({*listing}, mono);
  const auto clip = renderer.add_clip(noise(4000, 1, mono));
  const std::vector<float> settings(renderer.parameters().size(), 0.5f);
  const std::vector<BatchRenderer::Job> jobs(6, {clip, settings});
  std::stop_source stop;
  stop.request_stop();
  const std::vector<std::size_t> sizes{2, 4};
  Handed handed;
  RenderGroups groups(sizes, handed.complete());
  renderer.render(jobs, groups.consumer(), stop.get_token());
  REQUIRE(handed.groups.size() == 2);
  for (const auto& [group, renders] : handed.groups) {
    REQUIRE(renders.size() == sizes[group]);
    for (const RenderResult& render : renders) {
      CHECK(render.outcome.status == RenderStatus::cancelled);
      CHECK(render.audio.frames() == 0);
    }
  }
}
