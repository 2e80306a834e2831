#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "metric/rows.hpp"
#include "soundalike/edit_distance.hpp"
#include "soundalike/error.hpp"

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
  const Metric& near =
      **std::ranges::min_element(rows, {}, [&](const Metric* row) { return edit_distance(name, row->name); });
  std::string known;
  for (const Metric* row : rows) known += fmt::format("{}{}", known.empty() ? "" : ", ", row->name);
  const std::string hint =
      edit_distance(name, near.name) <= 3 ? fmt::format("did you mean '{}'? ", near.name) : std::string();
  throw Error(ErrorCode::invalid_argument, fmt::format("no metric is called '{}'; {}there are: {}", name, hint, known));
}

}  // namespace soundalike
