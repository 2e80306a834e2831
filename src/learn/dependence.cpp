#include "soundalike/dependence.hpp"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

using Matrix = Eigen::MatrixXd;

constexpr double constant = 1e-12;  // of the largest variance

bool all_finite(std::span<const float> values) {
  return std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
}

/// The logarithmic derivative of the gamma function, for x >= 1: recurrence up to 6, then its asymptotic series.
double digamma(double x) {
  double sum = 0.0;
  while (x < 6.0) {
    sum -= 1.0 / x;
    x += 1.0;
  }
  const double q = 1.0 / (x * x);
  return sum + std::log(x) - 0.5 / x - q * (1.0 / 12.0 - q * (1.0 / 120.0 - q / 252.0));
}

std::vector<double> scaled(std::span<const float> values) {
  double mean = 0.0, squares = 0.0;
  for (const float x : values) mean += static_cast<double>(x) / static_cast<double>(values.size());
  for (const float x : values) squares += std::pow(static_cast<double>(x) - mean, 2);
  const double deviation = std::sqrt(squares / static_cast<double>(values.size()));
  std::vector<double> result;
  for (const float x : values) result.push_back(deviation > 0.0 ? static_cast<double>(x) / deviation : 0.0);
  return result;
}

/// How many of sorted values are nearer than `radius` to `at`.
double within(const std::vector<double>& sorted, double at, double radius) {
  const auto low = std::ranges::upper_bound(sorted, at - radius), high = std::ranges::lower_bound(sorted, at + radius);
  return static_cast<double>(std::max<std::ptrdiff_t>(high - low, 1));
}

/// Rows whitened: uncorrelated, variance 1, as many columns as there are directions.
Matrix whitened(Rows rows) {
  const Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> raw(
      rows.values.data(), static_cast<Eigen::Index>(rows.count()), static_cast<Eigen::Index>(rows.width));
  Matrix x = raw.cast<double>();
  const Eigen::RowVectorXd mean = x.colwise().mean();
  x.rowwise() -= mean;
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(x.transpose() * x / static_cast<double>(x.rows() - 1));
  const auto& variance = solver.eigenvalues();
  const double least = std::max(constant * variance[variance.size() - 1], 1e-300);
  const auto kept = static_cast<Eigen::Index>(std::ranges::count_if(variance, [&](double v) { return v > least; }));
  const Eigen::VectorXd factor = variance.tail(kept).cwiseSqrt().cwiseInverse();
  return x * (solver.eigenvectors().rightCols(kept) * factor.asDiagonal());
}

std::vector<float> row_major(const Matrix& x) {
  std::vector<float> result;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index c = 0; c < x.cols(); ++c) result.push_back(static_cast<float>(x(i, c)));
  }
  return result;
}

}  // namespace

double mutual_information(std::span<const float> a, std::span<const float> b, std::size_t neighbours) {
  const std::size_t n = a.size();
  if (b.size() != n || neighbours == 0 || n <= neighbours || !all_finite(a) || !all_finite(b)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot tell what {} numbers say about {}: it takes as many finite ones of both, more than "
                            "{} neighbours",
                            n, b.size(), neighbours));
  }
  const std::vector<double> x = scaled(a), y = scaled(b);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return x[i]; });
  std::vector<double> xs, ys(y);
  for (const std::size_t i : order) xs.push_back(x[i]);
  std::ranges::sort(ys);
  double sum = 0.0;
  std::vector<double> best(neighbours);
  for (std::size_t at = 0; at < n; ++at) {
    // Outwards in x until nothing farther can be among the nearest by the larger of both differences.
    const double here_x = xs[at], here_y = y[order[at]];
    std::ranges::fill(best, INFINITY);
    std::size_t left = at, right = at + 1;
    while (left > 0 || right < n) {
      const double to_left = left > 0 ? here_x - xs[left - 1] : INFINITY;
      const double to_right = right < n ? xs[right] - here_x : INFINITY;
      if (std::min(to_left, to_right) >= best.back()) break;
      const std::size_t other = to_left <= to_right ? --left : right++;
      const double distance = std::max(std::min(to_left, to_right), std::abs(y[order[other]] - here_y));
      if (distance >= best.back()) continue;
      best.back() = distance;
      for (std::size_t i = neighbours - 1; i > 0 && best[i] < best[i - 1]; --i) std::swap(best[i], best[i - 1]);
    }
    const double radius = best.back();
    sum += digamma(within(xs, here_x, radius)) + digamma(within(ys, here_y, radius));
  }
  const double estimate =
      digamma(static_cast<double>(n)) + digamma(static_cast<double>(neighbours)) - sum / static_cast<double>(n);
  return std::max(0.0, estimate);
}

Cca canonical_correlation(Rows first, Rows second, std::size_t components) {
  const std::size_t n = first.count();
  if (second.count() != n || n < 3 || components == 0 || components > std::min(first.width, second.width) ||
      !all_finite(first.values) || !all_finite(second.values)) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("cannot find {} directions that {} examples with {} numbers and {} with {} have in common: "
                            "it takes at least three of both, finite, and no more directions than numbers",
                            components, n, first.width, second.count(), second.width));
  }
  const Matrix a = whitened(first), b = whitened(second);
  Cca result;
  if (a.cols() == 0 || b.cols() == 0) return result;
  const Matrix common = a.transpose() * b / static_cast<double>(n - 1);
  const Eigen::JacobiSVD<Matrix> svd(common, Eigen::ComputeThinU | Eigen::ComputeThinV);
  const auto found = std::min(static_cast<Eigen::Index>(components), svd.singularValues().size());
  for (Eigen::Index c = 0; c < found; ++c) result.correlation.push_back(std::min(1.0, svd.singularValues()[c]));
  result.first = row_major(a * svd.matrixU().leftCols(found));
  result.second = row_major(b * svd.matrixV().leftCols(found));
  return result;
}

}  // namespace soundalike
