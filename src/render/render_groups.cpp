#include "soundalike/render_groups.hpp"

#include <utility>

namespace soundalike {

RenderGroups::RenderGroups(std::span<const std::size_t> sizes, Complete complete)
    : groups_(std::make_unique<Group[]>(sizes.size())), complete_(std::move(complete)) {
  for (std::size_t g = 0; g < sizes.size(); ++g) {
    groups_[g].first = group_of_.size();
    groups_[g].size = sizes[g];
    groups_[g].missing = sizes[g];
    group_of_.insert(group_of_.end(), sizes[g], g);
  }
  results_.resize(group_of_.size());
}

void RenderGroups::take(std::size_t job, const RenderOutcome& outcome, AudioView audio) {
  results_[job] = {outcome, AudioBuffer(audio)};
  Group& group = groups_[group_of_[job]];
  if (--group.missing > 0) return;
  const auto renders = std::span(results_).subspan(group.first, group.size);
  complete_(group_of_[job], renders);
  for (RenderResult& render : renders) render = {};
}

BatchRenderer::Consume RenderGroups::consumer() {
  return [this](std::size_t job, const RenderOutcome& outcome, AudioView audio) { take(job, outcome, audio); };
}

}  // namespace soundalike
