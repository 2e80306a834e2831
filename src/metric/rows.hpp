#pragma once

#include "soundalike/metric.hpp"

namespace soundalike::metric {

/// The rows of the catalogue, each defined in a file named for it.
extern const Metric mrstft, mrstft_original, mrstft_sum_difference;
extern const Metric msd, mel_stft;
extern const Metric multi_scale_spectral;
extern const Metric centroid_error;
extern const Metric ltas_distance;
extern const Metric rms_error, crest_error, lufs_error;
extern const Metric dynamics_distance;
extern const Metric stereo_width_error;
extern const Metric si_sdr;
extern const Metric esr, esr_emphasised;
extern const Metric stoi, estoi;

}  // namespace soundalike::metric
