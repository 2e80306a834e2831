#include "probe/checks.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

#include "soundalike/decibels.hpp"
#include "soundalike/rng.hpp"
#include "soundalike/settings_space.hpp"

namespace soundalike {
namespace {

std::vector<Settings> random_free(const Bench& bench, const Profile& profile, std::size_t count, std::uint64_t stream) {
  const SettingsSpace space(std::span(&bench.listing(), 1), std::span(&profile, 1));
  std::vector<Settings> settings;
  Rng rng = Rng::derive(bench.options().seed, stream);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<double> point(space.free().size());
    for (double& x : point) x = rng.uniform();
    settings.push_back(space.expand(point));
  }
  return settings;
}

void stress(Bench& bench, Probe& probe) {
  const auto looks = bench.look(random_free(bench, probe.profile, bench.options().stress_renders, 3));
  probe.stress_renders = looks.size();
  float peak = 0.0f;
  for (const Look& l : looks) {
    probe.stress_failed += !l.outcome.usable();
    probe.stress_silent += l.silent();
    probe.stress_loud += l.outcome.usable() && l.outcome.peak > loud_peak;
    if (l.outcome.usable()) peak = std::max(peak, l.outcome.peak);
  }
  probe.stress_peak_db = to_db(std::max(peak, 1e-9f));
}

void check_determinism(Bench& bench, const Settings& base, Probe& probe) {
  auto settings = random_free(bench, probe.profile, 7, 4);
  settings.push_back(base);
  const auto first = bench.render(bench.signal(), settings);
  std::ranges::reverse(settings);
  RendererOptions single = bench.options().renderer;
  single.workers = 1;
  BatchRenderer other({bench.listing()}, bench.options().setup, single);
  auto second = bench.render_on(other, bench.signal(), settings);
  std::ranges::reverse(second);
  for (std::size_t i = 0; i < first.size(); ++i) {
    probe.deterministic =
        probe.deterministic && first[i].outcome.status == second[i].outcome.status && first[i].audio == second[i].audio;
  }
}

void check_block_size(Bench& bench, const Settings& base, Probe& probe) {
  auto settings = random_free(bench, probe.profile, 3, 5);
  settings.push_back(base);
  const auto reference = bench.render(bench.signal(), settings);
  for (const std::size_t block : {std::size_t{64}, std::size_t{4096}}) {
    RenderSetup setup = bench.options().setup;
    setup.block_size = block;
    BatchRenderer other({bench.listing()}, setup, bench.options().renderer);
    const auto results = bench.render_on(other, bench.signal(), settings);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!results[i].outcome.usable() || reference[i].outcome.status != RenderStatus::ok) continue;
      probe.block_difference_db = std::max(probe.block_difference_db, error_db(results[i].audio, reference[i].audio));
    }
  }
  probe.block_dependent = probe.block_difference_db > -90.0;
}

void measure_speed(Bench& bench, const Settings& base, Probe& probe) {
  const AudioBuffer& signal = bench.signal();
  // The processor time of the shortest of several short renders, one at a time: what else the machine does can only
  // add, and rarely hits all of them. Two lengths tell the time to make an instance from the time that grows with the
  // audio.
  constexpr double short_seconds = 0.15;
  constexpr double long_seconds = 0.45;
  const auto fastest = [&](double length) {
    AudioBuffer part(signal.channels(), static_cast<std::size_t>(length * signal.sample_rate().hz),
                     signal.sample_rate());
    for (std::size_t c = 0; c < part.channels(); ++c) {
      std::ranges::copy(signal.channel(c).first(part.frames()), part.channel(c).begin());
    }
    double seconds = 1e9;
    for (std::size_t i = 0; i < bench.options().timing_repeats; ++i) {
      const auto results = bench.render(part, {base});
      seconds = std::min(seconds, static_cast<double>(results.front().outcome.plugin_seconds));
    }
    return seconds;
  };
  const double once = fastest(short_seconds);
  const double more = std::max(0.0, fastest(long_seconds) - once) / (long_seconds - short_seconds);
  probe.speed = signal.seconds() / std::max(1e-9, once + more * (signal.seconds() - short_seconds));
}

}  // namespace

void check_effect(Bench& bench, const Settings& base, Probe& probe) {
  stress(bench, probe);
  check_determinism(bench, base, probe);
  check_block_size(bench, base, probe);
  measure_speed(bench, base, probe);
}

}  // namespace soundalike
