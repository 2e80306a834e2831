#pragma once

#include "soundalike/metric.hpp"

namespace soundalike::metric {

/// The rows of the catalogue, each defined in a file named for it.
extern const Metric mrstft, mrstft_original, mrstft_sum_difference;
extern const Metric crest_error, rms_error, lufs_error;
extern const Metric si_sdr;
extern const Metric esr, esr_emphasised;

}  // namespace soundalike::metric
