#include "probe/bench.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

std::vector<BatchRenderer::Job> jobs_of(BatchRenderer::ClipId clip, const std::vector<Settings>& settings) {
  std::vector<BatchRenderer::Job> jobs;
  jobs.reserve(settings.size());
  for (const auto& s : settings) jobs.push_back({clip, s});
  return jobs;
}

}  // namespace

Settings with_knob(const Settings& base, std::size_t p, float value) {
  Settings result = base;
  result[p] = std::clamp(value, 0.0f, 1.0f);
  return result;
}

double Look::loudness() const { return std::accumulate(picture.begin(), picture.end(), 0.0); }

double error_db(AudioView a, AudioView truth, std::size_t first) {
  double error = 0.0;
  double energy = 0.0;
  for (std::size_t c = 0; c < truth.channels(); ++c) {
    const auto x = a.channel(c);
    const auto y = truth.channel(c);
    for (std::size_t i = first; i < y.size(); ++i) {
      const double d = static_cast<double>(x[i]) - y[i];
      error += d * d;
      energy += static_cast<double>(y[i]) * y[i];
    }
  }
  if (error == 0.0) return -400.0;
  return energy > 0.0 ? 10.0 * std::log10(error / energy) : 400.0;
}

Bench::Bench(const EffectListing& listing, const ProbeOptions& options, const std::stop_token& stop)
    : listing_(listing),
      options_(options),
      stop_(stop),
      signal_(probe_signal(options.setup.sample_rate, options.setup.channels)),
      analysis_(options.setup.sample_rate),
      renderer_({listing}, options.setup, options.renderer),
      clip_(renderer_.add_clip(signal_)) {}

bool Bench::is_category(std::size_t p) const {
  const ParameterKind kind = parameter(p).kind;
  return parameter(p).trigger || kind == ParameterKind::choice || kind == ParameterKind::toggle;
}

void Bench::check_stop() const {
  if (stop_.stop_requested()) throw Error(ErrorCode::cancelled, "stopped; no profile was written");
}

std::vector<Look> Bench::look(const std::vector<Settings>& settings) {
  const auto jobs = jobs_of(clip_, settings);
  std::vector<Look> looks(settings.size());
  renderer_.render(
      jobs,
      [&](std::size_t job, const RenderOutcome& outcome, AudioView audio) {
        looks[job].outcome = outcome;
        if (!outcome.usable()) return;
        looks[job].picture = analysis_.picture(audio);
        // Not its first second: some plugins fade in, or glide from their defaults to their settings.
        looks[job].dry_error_db = error_db(audio, signal_, static_cast<std::size_t>(signal_.sample_rate().hz));
      },
      stop_);
  check_stop();
  return looks;
}

std::vector<RenderResult> Bench::render(AudioView signal, const std::vector<Settings>& settings) {
  return render_on(renderer_, signal, settings);
}

std::vector<RenderResult> Bench::render_on(BatchRenderer& renderer, AudioView signal,
                                           const std::vector<Settings>& settings) const {
  const auto clip = renderer.add_clip(signal);
  auto results = renderer.render(jobs_of(clip, settings), stop_);
  renderer.remove_clip(clip);
  check_stop();
  return results;
}

}  // namespace soundalike
