#include "probe/knob.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

#include "probe/closeness.hpp"

namespace soundalike {
namespace {

constexpr double alive_share = 0.1;    // of the largest change: less, and the knob is idle at that base setting
constexpr double rough_ratio = 0.12;   // 1 % of the range changes this share of what 25 % changes: three times linear,
constexpr double steady_share = 0.92;  // and not because the knob does all its work in one place: small and larger
                                       // changes then point the same way, with this cosine
constexpr double jump_share = 0.35;    // of the sweep's path in one place

}  // namespace

KnobProbe probe_knob(Bench& bench, std::size_t p, const std::vector<Settings>& bases, const Sweep& sweep,
                     Profile::Knob& knob) {
  const Parameter& parameter = bench.parameter(p);
  KnobProbe result{.id = parameter.id};
  knob = {.free = true, .setting = bases.front()[p]};
  const auto [first, past] = good_run(sweep, parameter, bases.front()[p], result);
  if (past == first) {
    knob.free = false;
    knob.klass = KnobClass::stepped;
    knob.reason = "silent or broken nearly everywhere";
    return result;
  }
  std::vector<Path> paths;
  for (const auto& looks : sweep.looks) {
    paths.push_back(Path::along(std::span(looks).subspan(0, past).subspan(first)));
    paths.back().jump_end += first;
    result.change_db = std::max(result.change_db, paths.back().change_db);
    result.level_free_db = std::max(result.level_free_db, paths.back().level_free_db);
  }
  if (result.change_db < dead_db) {
    knob.klass = KnobClass::dead;
    knob.free = false;
    knob.reason = fmt::format("no audible change over its range ({:.2f} dB)", result.change_db);
  } else if (result.level_free_db < std::max(dead_db, gain_share * result.change_db) ||
             (paths.front().level_only() && paths.front().change_db > 0.5 * result.change_db)) {
    knob.klass = KnobClass::gain;
    knob.free = false;
    knob.reason = "level only, and the output is matched in loudness";
  } else {
    if (first > 0) knob.low = last_good(bench, p, bases, sweep.values[first], sweep.values[first - 1]);
    if (past < sweep.values.size()) knob.high = last_good(bench, p, bases, sweep.values[past - 1], sweep.values[past]);
    knob.setting = std::clamp(knob.setting, knob.low, knob.high);
    if (first > 0 || past < sweep.values.size()) {
      std::vector<std::string> why;
      if (!result.silent_values.empty()) why.push_back("silent");
      if (!result.bad_values.empty()) why.push_back("broken or over +20 dBFS");
      knob.reason = fmt::format("range cut: {} outside", fmt::join(why, " or "));
    }
    std::vector<std::size_t> alive;
    std::vector<Settings> alive_bases;
    for (std::size_t b = 0; b < paths.size(); ++b) {
      if (paths[b].change_db < std::max(dead_db, alive_share * result.change_db)) continue;
      alive.push_back(b);
      alive_bases.push_back(bases[b]);
    }
    const double local_change = look_closely(bench, p, alive_bases, knob, result);
    bool jumps = false;
    for (const std::size_t b : alive) {
      const double share = paths[b].jump / paths[b].length;
      result.largest_jump = std::max(result.largest_jump, share);
      jumps = jumps || (share > jump_share && is_jump(bench, p, bases[b], sweep.values, sweep.looks[b], paths[b]));
    }
    if (result.roughness > rough_ratio && result.step_agreement < steady_share) {
      knob.klass = KnobClass::rough;
    } else if (parameter.kind == ParameterKind::integer || jumps || local_change < 1e-3 * result.change_db) {
      knob.klass = KnobClass::stepped;
    }
  }
  return result;
}

}  // namespace soundalike
