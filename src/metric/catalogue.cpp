#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "metric/rows.hpp"
#include "soundalike/error.hpp"
#include "soundalike/suggest.hpp"

namespace soundalike {
namespace {

constexpr std::array rows{
    &metric::mrstft,
    &metric::mrstft_original,
    &metric::mrstft_sum_difference,
    &metric::msd,
    &metric::mel_stft,
    &metric::multi_scale_spectral,
    &metric::centroid_error,
    &metric::ltas_distance,
    &metric::rms_error,
    &metric::crest_error,
    &metric::lufs_error,
    &metric::dynamics_distance,
    &metric::stereo_width_error,
    &metric::si_sdr,
    &metric::esr,
    &metric::esr_emphasised,
    &metric::stoi,
    &metric::estoi,
};

}  // namespace

std::span<const Metric* const> metrics() { return rows; }

const Metric& find_metric(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Metric::name);
  if (found != rows.end()) return **found;
  Words known;
  for (const Metric* row : rows) known.push_back(row->name);
  throw Error(ErrorCode::invalid_argument,
              fmt::format("no metric is called '{}'{}; there are {}", name, did_you_mean(name, known), listing(known)));
}

}  // namespace soundalike
