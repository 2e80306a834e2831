#include <cmath>

#include "metric/factor.hpp"
#include "metric/vector_rows.hpp"

namespace soundalike::metric {
namespace {

/// A Gaussian fitted to vectors: its mean, and A with A^T A its covariance (divided by n - 1).
struct Gaussian {
  explicit Gaussian(Vectors vectors) : mean(vectors.front().size()) {
    const auto n = static_cast<double>(vectors.size());
    factor.rows = vectors.size();
    for (std::size_t k = 0; k < mean.size(); ++k) {
      auto& column = factor.columns.emplace_back();
      for (const auto& vector : vectors) mean[k] += double{vector[k]} / n;
      for (const auto& vector : vectors) column.push_back((double{vector[k]} - mean[k]) / std::sqrt(n - 1.0));
      for (const double x : column) variance += x * x;
    }
    factor = triangular_factor(std::move(factor));
  }
  std::vector<double> mean;
  Columns factor;
  double variance = 0.0;  // the covariance's trace
};

}  // namespace

// The trace of (S1 S2)^(1/2) with S1 = A^T A and S2 = B^T B is the sum of the singular values of A B^T: no square root
// of a matrix, no loss where there are fewer vectors than dimensions.
constexpr VectorMetric frechet_distance{
    .name = "frechet-distance",
    .summary = "squared Frechet distance of Gaussians fitted to the embeddings of all outputs and all targets",
    .source =
        "Dowson and Landau 1982; Kilgour et al. 2019 (FAD). With few vectors it is too large: compare equal counts",
    .paired = false,
    .least = 2,
    .compute = [](Vectors outputs, Vectors targets) {
      const Gaussian a(outputs), b(targets);
      double distance = a.variance + b.variance - 2.0 * nuclear_norm(times_transposed(a.factor, b.factor));
      for (std::size_t k = 0; k < a.mean.size(); ++k) distance += (a.mean[k] - b.mean[k]) * (a.mean[k] - b.mean[k]);
      return std::max(0.0, distance);
    }};

}  // namespace soundalike::metric
