#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "soundalike/rows.hpp"

namespace soundalike {

/// How far each dimension of a code stands for one factor alone; all 1 at best.
struct Disentanglement {
  /// Mutual information gap (Chen et al. 2018): between the code that says most about a factor and the next one, over
  /// the factor's entropy; numbers in 20 equal bins. Mean over factors.
  double mig = 0.0;
  /// Separated attribute predictability (Kumar et al. 2018): the same gap in how much of a factor's variance one code
  /// explains (of categories: variance between their means).
  double sap = 0.0;
  /// DCI (Eastwood and Williams 2018) by forests that predict the factors: each code serves one factor; each factor is
  /// served by one code; share of variance predicted on the half that was not learnt from, at least 0.
  double dci_disentanglement = 0.0, dci_completeness = 0.0, dci_informativeness = 0.0;
  std::vector<double> importance;  ///< [codes x factors], of the forests; sums to 1 per factor
};

struct DisentanglementOptions {
  std::vector<std::size_t> categories{};  ///< per factor, > 0: values are category numbers; empty: all are numbers
  std::uint64_t seed = 0;
  std::size_t threads = 1;  ///< does not change the result
};

/// @param codes, factors the same examples, at least 20.
/// @throws Error invalid_argument for counts that do not fit or values that are not finite.
Disentanglement measure_disentanglement(Rows codes, Rows factors, const DisentanglementOptions& options = {});

}  // namespace soundalike
