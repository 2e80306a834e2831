#include "search/quadratic_model.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace soundalike {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

Index coefficients(Index n, bool interactions) { return interactions ? (n + 1) * (n + 2) / 2 : 2 * n + 1; }

// [1, z_i, z_i^2, z_i z_j for i < j]
VectorXd basis(const VectorXd& z, bool interactions) {
  const Index n = z.size();
  VectorXd b(coefficients(n, interactions));
  b[0] = 1.0;
  b.segment(1, n) = z;
  b.segment(1 + n, n) = z.cwiseAbs2();
  if (!interactions) return b;
  Index k = 1 + 2 * n;
  for (Index i = 0; i < n; ++i) {
    for (Index j = i + 1; j < n; ++j) b[k++] = z[i] * z[j];
  }
  return b;
}

struct Near {
  double distance;
  double cost;
  VectorXd z;
};

std::vector<Near> nearest_first(const Evolution& run, std::span<const Told> told) {
  std::vector<Near> near;
  for (const Told& t : told) {
    VectorXd z = run.normalized(t.point);
    const double distance = z.norm();
    if (std::isfinite(distance)) near.push_back({distance, t.cost, std::move(z)});
  }
  std::ranges::stable_sort(near, {}, &Near::distance);
  return near;
}

// f(d) = gradient . d + d . hessian d / 2 + constant, d from the mean in the box's own coordinates.
struct Quadratic {
  VectorXd gradient;
  MatrixXd hessian;
};

Quadratic fitted(const std::vector<Near>& near, const MatrixXd& to_normal, bool interactions) {
  const Index n = to_normal.rows();
  const auto [low, high] = std::ranges::minmax(near, {}, &Near::cost);
  const double radius = near.back().distance;
  const auto rows = static_cast<Index>(near.size());
  MatrixXd a(rows, coefficients(n, interactions));
  VectorXd b(rows);
  for (Index i = 0; i < rows; ++i) {
    const Near& p = near[static_cast<std::size_t>(i)];
    const double r = p.distance / radius;
    const double y = (p.cost - low.cost) / (high.cost - low.cost);
    const double weight = std::sqrt((1.0 - 0.9 * r * r) / (0.1 + y));
    a.row(i) = weight * basis(p.z / radius, interactions).transpose();
    b[i] = weight * y;
  }
  MatrixXd normal = a.transpose() * a;
  const double ridge = 1e-4 * normal.trace() / static_cast<double>(normal.rows());
  normal.diagonal().tail(normal.rows() - 1).array() += ridge;  // all but the constant
  const VectorXd c = normal.ldlt().solve(a.transpose() * b);

  MatrixXd hessian = (2.0 * c.segment(1 + n, n)).asDiagonal();
  if (interactions) {
    Index k = 1 + 2 * n;
    for (Index i = 0; i < n; ++i) {
      for (Index j = i + 1; j < n; ++j) hessian(i, j) = hessian(j, i) = c[k++];
    }
  }
  const MatrixXd scaled = to_normal / radius;
  return {scaled.transpose() * c.segment(1, n), scaled.transpose() * hessian * scaled};
}

// Coordinate by coordinate, each to its best in [low, high]; a saddle ends on a border.
VectorXd lowest(const Quadratic& q, VectorXd d, const VectorXd& low, const VectorXd& high) {
  d = d.cwiseMax(low).cwiseMin(high);
  for (int sweep = 0; sweep < 60; ++sweep) {
    double moved = 0.0;
    for (Index i = 0; i < d.size(); ++i) {
      const double slope = q.gradient[i] + q.hessian.row(i).dot(d);
      const double bend = q.hessian(i, i);
      const double wanted = bend > 1e-12 ? d[i] - slope / bend : slope > 0.0 ? low[i] : high[i];
      const double to = std::clamp(wanted, low[i], high[i]);
      moved = std::max(moved, std::abs(to - d[i]));
      d[i] = to;
    }
    if (moved < 1e-9) break;
  }
  return d;
}

}  // namespace

std::optional<VectorXd> model_minimum(const Evolution& run, std::span<const Told> told, double reach,
                                      bool interactions) {
  const VectorXd& mean = run.mean();
  const Index n = mean.size();
  auto near = nearest_first(run, told);
  const auto needed = [&](bool full, double times) {
    return static_cast<std::size_t>(times * 1.5 * static_cast<double>(coefficients(n, full))) + 2;
  };
  interactions = interactions && near.size() >= needed(true, 1.0);
  if (near.size() < needed(interactions, 1.0)) return std::nullopt;
  near.resize(std::min(near.size(), needed(interactions, reach)));
  const auto [best, worst] = std::ranges::minmax(near, {}, &Near::cost);
  if (!(worst.cost > best.cost) || !(near.back().distance > 0.0)) return std::nullopt;

  MatrixXd to_normal(n, n);
  MatrixXd from_normal(n, n);
  for (Index i = 0; i < n; ++i) {
    to_normal.col(i) = run.normalized(mean + VectorXd::Unit(n, i));
    from_normal.col(i) = run.denormalized(VectorXd::Unit(n, i)) - mean;
  }
  const VectorXd reachable = from_normal.rowwise().norm();
  const VectorXd low = (-reachable).cwiseMax(-mean);
  const VectorXd high = reachable.cwiseMin(VectorXd::Ones(n) - mean);
  const VectorXd start = from_normal * best.z;
  const VectorXd step = lowest(fitted(near, to_normal, interactions), start, low.cwiseMin(high), high);
  const VectorXd point = (mean + step).cwiseMax(0.0).cwiseMin(1.0);
  if (!point.allFinite()) return std::nullopt;
  const bool known =
      std::ranges::any_of(near, [&](const Near& p) { return (run.normalized(point) - p.z).norm() < 1e-6; });
  return known ? std::nullopt : std::optional(point);
}

}  // namespace soundalike
