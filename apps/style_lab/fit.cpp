#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "material.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/error.hpp"
#include "soundalike/style_fit.hpp"

namespace soundalike::lab {
namespace {

/// Renders the same random settings of one effect on both halves and adds what survives to the fit.
/// @return number of settings added.
std::size_t add_renders(StyleFit& fit, const EffectListing& effect, const Content& content, std::size_t count,
                        Rng& rng) {
  const StyleView view{content.first.sample_rate(), 0.0, content.first.channels()};
  const StyleFeatures features(view);
  const SettingsSpace space(std::vector{effect}, std::vector{find_profile(effect)});
  if (space.free().empty()) return 0;
  BatchRenderer renderer({effect}, {view.sample_rate, view.channels}, {.deadline_seconds = 5.0});
  const auto first = renderer.add_clip(content.first);
  const auto second = renderer.add_clip(content.second);
  std::vector<std::vector<float>> settings;
  std::vector<BatchRenderer::Job> jobs;
  for (std::size_t i = 0; i < count; ++i) settings.push_back(random_settings(space, rng));
  for (const auto& s : settings) {
    jobs.push_back({first, s});
    jobs.push_back({second, s});
  }
  std::vector<std::vector<float>> described(jobs.size());
  renderer.render(jobs, [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
    if (outcome.status == RenderStatus::ok) described[job] = features.extract(audio);
  });
  std::vector<std::vector<float>> on_first;
  std::vector<std::vector<float>> on_second;
  for (std::size_t i = 0; i < count; ++i) {
    if (described[2 * i].empty() || described[2 * i + 1].empty()) continue;
    on_first.push_back(std::move(described[2 * i]));
    on_second.push_back(std::move(described[2 * i + 1]));
  }
  if (on_first.size() < 2) return 0;
  fit.add(features, on_first, on_second);
  return on_first.size();
}

}  // namespace

int fit(const Options& options) {
  const auto files = recordings(options, Split::train);
  const auto names = effects_of(options.effects);
  const EffectLibrary library;
  StyleFit style;
  std::size_t pairs = 0;
  std::size_t groups = 0;
  std::size_t used_effects = 0;
  for (std::size_t e = 0; e < names.size(); ++e) {
    std::size_t added = 0;
    std::string problem;
    try {
      const EffectListing& effect = library.find(names[e].name);
      for (std::size_t r = 0; r < options.recordings * names[e].weight; ++r) {
        Rng rng = Rng::derive(options.seed, e, r);
        std::optional<Content> content;
        while (!content) content = load_content(files[rng.below(files.size())], true, rng);
        const std::size_t n = add_renders(style, effect, *content, options.settings, rng);
        groups += n > 0;
        added += n;
      }
    } catch (const Error& error) {
      problem = error.what();  // this effect cannot be used here; the others can
    }
    pairs += added;
    used_effects += added > 0;
    fmt::print("{:3}/{} {:60} {:4} pairs {}\n", e + 1, names.size(), names[e].name, added, problem);
    std::fflush(stdout);
  }
  const nlohmann::ordered_json provenance{
      {"command", options.line},
      {"split", "train"},
      {"recordings", files.size()},
      {"seed", options.seed},
      {"effects", used_effects},
      {"groups of one effect on one recording", groups},
      {"pairs of renders with the same settings", pairs},
      {"rank", options.rank},
      {"shrinkage", options.shrinkage},
      {"method",
       "within covariance over content halves, shrunk to the identity; between covariance over settings; "
       "generalised eigenvectors"}};
  write_file(options.output, style.model({options.rank, options.shrinkage}, provenance.dump()));
  fmt::print("{} pairs of {} effects; wrote {}\n", pairs, used_effects, options.output.string());
  return 0;
}

}  // namespace soundalike::lab
