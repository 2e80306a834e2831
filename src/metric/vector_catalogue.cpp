#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "metric/vector_rows.hpp"
#include "soundalike/error.hpp"
#include "soundalike/suggest.hpp"

namespace soundalike {
namespace {

constexpr std::array rows{&metric::embedding_distance, &metric::frechet_distance, &metric::parameter_mae};

/// Why these vectors have no distance; empty when they have one.
std::string unmet(const VectorMetric& metric, Vectors outputs, Vectors targets) {
  for (const auto& [who, vectors] : {std::pair("outputs", outputs), std::pair("targets", targets)}) {
    if (vectors.size() < metric.least) {
      return fmt::format("it needs at least {} vectors of {}, got {}", metric.least, who, vectors.size());
    }
    const auto is_finite = [](float x) { return std::isfinite(x); };
    if (!std::ranges::all_of(vectors, [&](const auto& vector) { return std::ranges::all_of(vector, is_finite); })) {
      return fmt::format("a vector of the {} holds NaN or infinity", who);
    }
  }
  const std::size_t size = targets.front().size();
  if (size == 0) return "the vectors are empty";
  for (const Vectors vectors : {outputs, targets}) {
    const auto odd = std::ranges::find_if(vectors, [&](const auto& vector) { return vector.size() != size; });
    if (odd != vectors.end()) return fmt::format("vectors of {} and of {} numbers do not compare", size, odd->size());
  }
  if (metric.paired && outputs.size() != targets.size()) {
    return fmt::format("{} outputs do not pair with {} targets", outputs.size(), targets.size());
  }
  return "";
}

}  // namespace

std::span<const VectorMetric* const> vector_metrics() { return rows; }

const VectorMetric& find_vector_metric(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &VectorMetric::name);
  if (found != rows.end()) return **found;
  Words known;
  for (const VectorMetric* row : rows) known.push_back(row->name);
  throw Error(ErrorCode::invalid_argument, fmt::format("no metric of vectors is called '{}'{}; there are {}", name,
                                                       did_you_mean(name, known), listing(known)));
}

MetricValue VectorMetric::measure(Vectors outputs, Vectors targets) const {
  if (std::string reason = unmet(*this, outputs, targets); !reason.empty()) {
    return MetricValue::failed(std::move(reason));
  }
  try {
    return MetricValue::of(compute(outputs, targets));
  } catch (const Error& error) {
    return MetricValue::failed(error.what());
  }
}

}  // namespace soundalike
