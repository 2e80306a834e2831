#pragma once

#include <optional>
#include <vector>

#include "probe/bench.hpp"

namespace soundalike {

/// Looks for settings that pass the sound unchanged.
class NeutralSearch {
 public:
  explicit NeutralSearch(Bench& bench) : bench_(bench) {}

  /// Keeps a look that was made anyway, if it is the nearest to dry so far.
  void consider(const Settings& settings, const Look& look);
  /// Goes on from the nearest so far and from `base`, moving one knob at a time, up to four of them, each to where it
  /// is best.
  /// @return nothing when the nearest is not near enough.
  std::optional<Settings> find(const Settings& base);

 private:
  void try_all(const std::vector<Settings>& settings);

  Bench& bench_;
  Settings nearest_;
  double nearest_db_ = 1e9;
};

}  // namespace soundalike
