#include "soundalike/probe.hpp"

#include <fmt/format.h>

#include <utility>

#include "probe/category.hpp"
#include "probe/checks.hpp"
#include "probe/knob.hpp"
#include "probe/neutral.hpp"
#include "probe/report.hpp"
#include "soundalike/error.hpp"
#include "soundalike/rng.hpp"

namespace soundalike {
namespace {

// One probe from beginning to end.
class Prober {
 public:
  Prober(const EffectListing& listing, const ProbeOptions& options, const Progress& progress,
         const std::stop_token& stop)
      : bench_(listing, options, stop), progress_(progress), neutral_(bench_), sweeps_(listing.parameters.size()) {}

  Probe run() {
    start();
    std::size_t done = 0;
    const std::size_t stages = 2 * bench_.parameters() + 1;
    for (std::size_t p = 0; p < bench_.parameters(); ++p) {
      if (bench_.is_pinned(p)) {
        keep_pinned(p);
      } else if (bench_.is_category(p)) {
        probe_.knobs.push_back(probe_category(bench_, p, base_, knob(p)));
      }
      tell(++done, stages);
    }
    bases_ = {base_};
    for (std::size_t p = 0; p < bench_.parameters(); ++p) {
      if (!bench_.is_fixed(p)) sweep_default(p);
    }
    choose_bases();
    for (std::size_t p = 0; p < bench_.parameters(); ++p) {
      if (!bench_.is_fixed(p)) {
        extend(sweeps_[p], bench_, p, bases_);
        probe_.knobs.push_back(probe_knob(bench_, p, bases_, std::exchange(sweeps_[p], {}), knob(p)));
      }
      tell(++done, stages);
    }
    keep_neutral();
    check_effect(bench_, base_, probe_);
    probe_.profile.probe_json = probe_measurements(probe_, bench_.options());
    tell(stages, stages);
    return std::move(probe_);
  }

 private:
  void tell(std::size_t done, std::size_t total) const {
    bench_.check_stop();
    if (progress_) progress_({"probing", done, total, bench_.listing().info.name});
  }

  Profile::Knob& knob(std::size_t p) { return probe_.profile.knobs[bench_.parameter(p).id]; }

  void start() {
    probe_.profile = Profile::from_metadata(bench_.listing());
    probe_.profile.block_size = bench_.options().setup.block_size;
    for (const auto& parameter : bench_.listing().parameters) {
      const auto pin = bench_.options().pinned.find(parameter.id);
      base_.push_back(pin == bench_.options().pinned.end() ? parameter.default_setting() : pin->second);
    }
    if (const Look first = bench_.look({base_}).front(); first.bad() && first.outcome.status != RenderStatus::silent) {
      throw Error(ErrorCode::plugin_failed, fmt::format("cannot probe '{}': its default settings do not render: {}",
                                                        bench_.listing().info.name, first.outcome.message));
    }
  }

  void keep_pinned(std::size_t p) {
    const Parameter& parameter = bench_.parameter(p);
    const KnobClass klass = parameter.kind == ParameterKind::continuous ? KnobClass::smooth : KnobClass::stepped;
    knob(p) = {.free = false, .setting = base_[p], .klass = klass, .reason = "fixed by hand, not probed"};
    probe_.knobs.push_back({.id = parameter.id});
  }

  void sweep_default(std::size_t p) {
    Sweep& sweep = sweeps_[p];
    extend(sweep, bench_, p, bases_);
    for (std::size_t i = 0; i < sweep.values.size(); ++i) {
      neutral_.consider(with_knob(base_, p, sweep.values[i]), sweep.looks.front()[i]);
    }
  }

  // Adds two random settings that sound to the default: a knob may do nothing at one of them. Knobs that only change
  // the level at the default stay there, or the others would be judged on a whisper or on overload.
  void choose_bases() {
    std::vector<bool> moves(base_.size());
    for (std::size_t p = 0; p < base_.size(); ++p)
      moves[p] = !bench_.is_fixed(p) && !Path::along(sweeps_[p].looks.front()).level_only();
    for (std::uint64_t attempt = 0; attempt < 32 && bases_.size() < 3; ++attempt) {
      Rng rng = Rng::derive(bench_.options().seed, 1, attempt);
      Settings candidate = base_;
      for (std::size_t p = 0; p < candidate.size(); ++p) {
        const auto x = static_cast<float>(rng.uniform());
        if (moves[p]) candidate[p] = x;
      }
      if (bench_.look({candidate}).front().ok()) bases_.push_back(std::move(candidate));
    }
  }

  void keep_neutral() {
    const auto settings = neutral_.find(base_);
    if (!settings) return;
    probe_.profile.neutral.emplace();
    for (std::size_t p = 0; p < settings->size(); ++p) {
      (*probe_.profile.neutral)[bench_.parameter(p).id] = (*settings)[p];
    }
  }

  Bench bench_;
  const Progress& progress_;
  NeutralSearch neutral_;
  Settings base_;
  std::vector<Settings> bases_;  // the default, then others
  std::vector<Sweep> sweeps_;    // [parameter]
  Probe probe_;
};

}  // namespace

Probe probe_effect(const EffectListing& listing, const ProbeOptions& options, const Progress& progress,
                   const std::stop_token& stop) {
  return Prober(listing, options, progress, stop).run();
}

}  // namespace soundalike
