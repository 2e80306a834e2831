#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <sstream>

#include "encoder_distance.hpp"
#include "material.hpp"
#include "soundalike/batch_renderer.hpp"
#include "soundalike/consensus.hpp"
#include "soundalike/error.hpp"
#include "soundalike/mrstft.hpp"
#include "soundalike/style_distance.hpp"
#include "soundalike/style_fit.hpp"

namespace soundalike::lab {
namespace {

using Description = StyleDistance::Description;

/// The oracle's MRSTFT is the least of this many candidates nearest to the target by sketch: all would cost 10 times
/// as much and differ in the third digit.
constexpr std::size_t oracle_short_list = 24;

struct Share {
  std::size_t right = 0;
  std::size_t of = 0;
  void count(bool good) {
    right += good;
    ++of;
  }
  /// NaN when nothing was counted: the first effect has no other one before it.
  double percent() const {
    return of == 0 ? std::nan("") : 100.0 * static_cast<double>(right) / static_cast<double>(of);
  }
};

/// What one distance did for one effect.
struct Score {
  Share other_settings;
  Share other_effect;
  Share dry;
  double nearest = 0.0;  // sums of MRSTFT to the true target
  double consensus = 0.0;
  double same = 0.0;  // sum of distances between same settings on other content
};
struct Reach {
  std::size_t tasks = 0;
  double dry = 0.0;
  double oracle = 0.0;
};

/// One effect on one recording, rendered and described by every distance.
struct Renders {
  std::vector<AudioBuffer> candidates;  // on the first half, the dry half last; empty where a render failed
  std::vector<RenderSketcher::Sketch> sketches;
  std::vector<std::vector<Description>> described;  // [distance][candidate]
  std::vector<AudioBuffer> targets;                 // hidden settings on the first half
  std::vector<std::vector<Description>> target_described;
  std::vector<std::vector<Description>> reference_described;  // hidden settings on the second half
};

AudioBuffer with_level_of(const AudioBuffer& audio, const AudioBuffer& target) {
  double own = 1e-20;
  double wanted = 1e-20;
  for (const float x : audio.samples()) own += static_cast<double>(x) * x;
  for (const float x : target.samples()) wanted += static_cast<double>(x) * x;
  AudioBuffer out = audio;
  const auto gain = static_cast<float>(std::sqrt(wanted / own));
  for (float& x : out.samples()) x *= gain;
  return out;
}

Renders render_all(const EffectListing& effect, const Content& content, const Options& options,
                   const std::vector<std::unique_ptr<StyleDistance>>& distances, const RenderSketcher& sketcher,
                   Rng& rng) {
  const SettingsSpace space(std::vector{effect}, std::vector{find_profile(effect)});
  BatchRenderer renderer({effect}, {content.first.sample_rate(), 1});
  const auto first = renderer.add_clip(content.first);
  const auto second = renderer.add_clip(content.second);
  std::vector<std::vector<float>> settings;
  for (std::size_t i = 0; i < options.candidates + options.references; ++i)
    settings.push_back(random_settings(space, rng));
  std::vector<BatchRenderer::Job> jobs;
  jobs.reserve(settings.size() + options.references);
  for (const auto& s : settings) jobs.push_back({first, s});
  for (std::size_t r = 0; r < options.references; ++r) jobs.push_back({second, settings[options.candidates + r]});
  std::vector<AudioBuffer> audio(jobs.size());
  std::vector<RenderSketcher::Sketch> sketches(jobs.size());
  std::vector<std::vector<Description>> described(distances.size(), std::vector<Description>(jobs.size()));
  renderer.render(jobs, [&](std::size_t job, const RenderOutcome& outcome, AudioView view) {
    if (outcome.status != RenderStatus::ok) return;
    audio[job] = AudioBuffer(view);
    sketches[job] = sketcher.sketch(view);
    for (std::size_t d = 0; d < distances.size(); ++d) described[d][job] = distances[d]->describe(view);
  });
  Renders out;
  out.described.resize(distances.size());
  out.target_described.resize(distances.size());
  out.reference_described.resize(distances.size());
  for (std::size_t i = 0; i < options.candidates; ++i) {
    if (audio[i].frames() == 0) continue;
    for (std::size_t d = 0; d < distances.size(); ++d) out.described[d].push_back(std::move(described[d][i]));
    out.candidates.push_back(std::move(audio[i]));
    out.sketches.push_back(std::move(sketches[i]));
  }
  for (std::size_t d = 0; d < distances.size(); ++d) out.described[d].push_back(distances[d]->describe(content.first));
  out.candidates.push_back(content.first);
  out.sketches.push_back(sketcher.sketch(content.first));
  for (std::size_t r = 0; r < options.references; ++r) {
    const std::size_t target = options.candidates + r;
    const std::size_t reference = target + options.references;
    if (audio[target].frames() == 0 || audio[reference].frames() == 0) continue;
    for (std::size_t d = 0; d < distances.size(); ++d) {
      out.target_described[d].push_back(std::move(described[d][target]));
      out.reference_described[d].push_back(std::move(described[d][reference]));
    }
    out.targets.push_back(std::move(audio[target]));
  }
  return out;
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path);
  if (!in) throw Error(ErrorCode::not_found, fmt::format("cannot read '{}': no such file", path.string()));
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int rank(const Options& options) {
  auto files = recordings(options, options.split);
  const auto names = effects_of(options.effects);
  const EffectLibrary library;
  const std::optional<std::string> model =
      options.model.empty() ? std::nullopt : std::optional(file_text(options.model));
  std::vector<std::string> kinds;
  for (const auto& kind : style_distances()) kinds.emplace_back(kind.name);
  const std::size_t own = kinds.size();
  for (const auto& file : options.encoders) kinds.push_back(file.stem().string());
  std::map<std::string, Reach> reach;
  std::vector<std::map<std::string, Score>> scores(kinds.size());
  const auto metric_options = MrstftOptions::auraloss();

  Rng rng = Rng::derive(options.seed, 0x72616e6b);
  for (std::size_t done = 0; done < options.recordings && !files.empty();) {
    const std::size_t pick = rng.below(files.size());
    const auto content = load_content(files[pick], false, rng);
    files.erase(files.begin() + static_cast<std::ptrdiff_t>(pick));
    if (!content) continue;
    ++done;
    fmt::print(stderr, "{}/{} {}\n", done, options.recordings, content->name);
    const StyleView view{content->first.sample_rate()};
    const RenderSketcher sketcher(view.sample_rate);
    std::vector<std::unique_ptr<StyleDistance>> distances;
    distances.reserve(kinds.size());
    for (std::size_t i = 0; i < own; ++i) {
      distances.push_back(model ? make_style_distance(kinds[i], view, *model) : make_style_distance(kinds[i], view));
    }
    for (const auto& file : options.encoders) distances.push_back(make_encoder_distance(file));
    std::vector<std::vector<Description>> elsewhere(kinds.size());  // targets of the effect before, same recording
    for (const auto& name : names) {
      const EffectListing& effect = library.find(name.name);
      const Renders renders = render_all(effect, *content, options, distances, sketcher, rng);
      const std::string& label = effect.info.name;
      const std::size_t dry = renders.candidates.size() - 1;
      for (std::size_t t = 0; t < renders.targets.size(); ++t) {
        const AudioBuffer& target = renders.targets[t];
        const Mrstft metric(target, metric_options);
        std::map<std::size_t, double> known;
        const auto error_of = [&](std::size_t candidate) {
          const auto [it, fresh] = known.try_emplace(candidate, 0.0);
          if (fresh) it->second = metric.distance(with_level_of(renders.candidates[candidate], target));
          return it->second;
        };
        const auto sketch = sketcher.sketch(target);
        std::vector<double> rough;
        for (const auto& other : renders.sketches) rough.push_back(RenderSketcher::difference(sketch, other));
        std::vector<std::size_t> order(rough.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, {}, [&](std::size_t i) { return rough[i]; });
        double oracle = error_of(dry);
        for (std::size_t i = 0; i < std::min(order.size(), oracle_short_list); ++i) {
          oracle = std::min(oracle, error_of(order[i]));
        }
        for (std::size_t d = 0; d < kinds.size(); ++d) {
          const Description& reference = renders.reference_described[d][t];
          Score& score = scores[d][label];
          std::vector<double> far;
          for (const auto& candidate : renders.described[d])
            far.push_back(distances[d]->distance(candidate, reference));
          const double same = distances[d]->distance(renders.target_described[d][t], reference);
          score.same += same;
          for (std::size_t i = 0; i < dry; ++i) score.other_settings.count(same < far[i]);
          for (const auto& other : elsewhere[d])
            score.other_effect.count(same < distances[d]->distance(other, reference));
          score.dry.count(same < far[dry]);
          const auto nearest = static_cast<std::size_t>(std::ranges::min_element(far) - far.begin());
          const std::size_t consensus = least_expected_difference(far, renders.sketches, options.temperature);
          score.nearest += error_of(nearest);
          score.consensus += error_of(consensus);
          oracle = std::min({oracle, error_of(nearest), error_of(consensus)});
        }
        Reach& r = reach[label];
        ++r.tasks;
        r.dry += error_of(dry);
        r.oracle += oracle;
      }
      for (std::size_t d = 0; d < kinds.size(); ++d) elsewhere[d] = renders.target_described[d];
    }
  }

  fmt::print("{} split, {} recordings, {} random settings, {} hidden settings each, seed {}\n\n",
             to_string(options.split), options.recordings, options.candidates, options.references, options.seed);
  fmt::print(
      "same settings on other content nearer than ... (% of triplets), MRSTFT to the true target, share of the gap\n");
  fmt::print("between dry and oracle closed by the nearest candidate and by consensus (%)\n\n");
  fmt::print(
      "| distance | effect | other settings | other effect | dry | same: distance | MRSTFT dry | nearest | consensus | "
      "oracle | gap nearest | gap consensus |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
  for (std::size_t d = 0; d < kinds.size(); ++d) {
    std::vector<double> mean(10, 0.0);
    std::vector<double> counted(10, 0.0);
    for (const auto& [label, score] : scores[d]) {
      const Reach& r = reach[label];
      const auto n = static_cast<double>(r.tasks);
      // No candidate beats doing nothing: there is no gap to close.
      const double gap = r.dry - r.oracle > 1e-3 * r.dry ? r.dry - r.oracle : std::nan("");
      const std::vector<double> row{score.other_settings.percent(),
                                    score.other_effect.percent(),
                                    score.dry.percent(),
                                    score.same / n,
                                    r.dry / n,
                                    score.nearest / n,
                                    score.consensus / n,
                                    r.oracle / n,
                                    100.0 * (r.dry - score.nearest) / gap,
                                    100.0 * (r.dry - score.consensus) / gap};
      const auto print = [&](const std::string& effect, const std::vector<double>& v) {
        fmt::print(
            "| {} | {} | {:.1f} | {:.1f} | {:.1f} | {:.2f} | {:.3f} | {:.3f} | {:.3f} | {:.3f} | {:.0f} | {:.0f} |\n",
            kinds[d], effect, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9]);
      };
      print(label, row);
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (std::isnan(row[i])) continue;
        mean[i] += row[i];
        counted[i] += 1.0;
      }
      if (label != scores[d].rbegin()->first) continue;
      for (std::size_t i = 0; i < mean.size(); ++i) mean[i] /= std::max(1.0, counted[i]);
      print("mean", mean);
    }
  }
  return 0;
}

}  // namespace soundalike::lab
