#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "probe/bench.hpp"

namespace soundalike {

constexpr double dead_db = 0.25;    // less than this over the whole range is not heard
constexpr double gain_share = 0.1;  // a knob whose change is level but for this share is a gain

/// Looks over the whole range of a knob, from every base setting.
struct Sweep {
  std::vector<float> values;
  std::vector<std::vector<Look>> looks;  ///< [base][value]
};

/// Adds the bases that have not been swept yet: `bases` begins with those that have.
void extend(Sweep& sweep, Bench& bench, std::size_t p, const std::vector<Settings>& bases);

/// Values between two of a sweep, both left out.
std::vector<float> between(float from, float to);

/// How much changes along looks at growing values of a knob.
struct Path {
  double change_db = 0.0;      ///< largest, from the loudest of them
  double level_free_db = 0.0;  ///< the same, level-free
  double length = 0.0;         ///< sum of the steps
  double jump = 0.0;           ///< the largest of them
  std::size_t jump_end = 0;    ///< where that one ends

  static Path along(std::span<const Look> looks);
  /// Nothing but the level changes, and that audibly.
  bool level_only() const { return change_db >= dead_db && level_free_db < gain_share * change_db; }
};

/// The largest run of sweep values that sound, the one around the default if there is a choice: [first, past). Tells
/// in `result` which values are silent or broken.
std::pair<std::size_t, std::size_t> good_run(const Sweep& sweep, const Parameter& parameter, float at_default,
                                             KnobProbe& result);

/// How far a knob may go from a good value of the sweep towards the faulty one beside it.
float last_good(Bench& bench, std::size_t p, const std::vector<Settings>& bases, float good, float faulty);

/// Whether the largest step of a sweep from one base stays a step however closely one looks.
bool is_jump(Bench& bench, std::size_t p, const Settings& base, const std::vector<float>& values,
             std::span<const Look> looks, const Path& path);

}  // namespace soundalike
